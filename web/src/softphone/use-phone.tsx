/** The agent's telephone, one for all pages of the shell. */
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import type { PhoneAccount } from '../../../src/api/contract/agents.ts';
import { api } from '../api/client.ts';
import { useLive } from '../realtime/use-live.ts';
import { Softphone } from './phone.ts';
import type { PhoneState } from './phone.types.ts';
import { holdPhone, type TabLock } from './tab-lock.ts';

interface PhoneValue {
  state: PhoneState;
  phone: Softphone;
  /** The next call is one we asked for: whichever tab has the telephone picks it up, ringing or not. */
  expectCall: () => void;
  expectNothing: () => void;
  /** Takes the telephone from another tab. */
  takeHere: () => void;
}

const PhoneContext = createContext<PhoneValue | undefined>(undefined);

/** True while this person has a seat, whatever the telephone. */
export function useIsSeated(): boolean {
  return useLive(({ desk }) => desk !== null && desk.agent.presence !== 'offline');
}

export function PhoneProvider({ children }: { children: ReactNode }) {
  const isInCall = useRef(false);
  isInCall.current = useLive(({ desk }) => desk?.call != null);
  const [phone] = useState(
    () =>
      new Softphone({
        account: () => api.post<PhoneAccount>('/agents/me/phone'),
        isInCall: () => isInCall.current,
      }),
  );
  const state = useSyncExternalStore(phone.subscribe, phone.getState);
  const isSeated = useIsSeated();
  const isBrowser = useLive(({ desk }) => desk?.agent.phone === 'browser');
  const lock = useRef<TabLock | undefined>(undefined);
  const isWanted = isSeated && isBrowser;
  useEffect(() => {
    if (!isWanted) return;
    const held = holdPhone((isOurs) => (isOurs ? phone.start() : phone.stop('elsewhere')));
    lock.current = held;
    return () => {
      lock.current = undefined;
      held.release();
      phone.stop();
    };
  }, [isWanted, phone]);
  useReadiness(isWanted, state.status);
  const channel = useRef<BroadcastChannel | undefined>(undefined);
  useEffect(() => {
    const open = new BroadcastChannel('lingting.phone');
    channel.current = open;
    open.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (phone.getState().status === 'elsewhere') return;
      if (data === 'expect') phone.expectCall();
      if (data === 'forget') phone.expectNothing();
    };
    return () => open.close();
  }, [phone]);
  const expectCall = useCallback(() => {
    if (phone.getState().status === 'elsewhere') channel.current?.postMessage('expect');
    else phone.expectCall();
  }, [phone]);
  const expectNothing = useCallback(() => {
    phone.expectNothing();
    channel.current?.postMessage('forget');
  }, [phone]);
  const takeHere = useCallback(() => lock.current?.steal(), []);
  const value = useMemo(
    () => ({ state, phone, expectCall, expectNothing, takeHere }),
    [state, phone, expectCall, expectNothing, takeHere],
  );
  return <PhoneContext value={value}>{children}</PhoneContext>;
}

export function usePhone(): PhoneValue {
  const value = use(PhoneContext);
  if (value === undefined) throw new Error('PhoneProvider is missing above this component.');
  return value;
}

/** When the service could not be told, for so long. */
const toldAgainMs = 2000;

/**
 * The service offers calls only to a telephone that says it is there; said again after a restart, and until
 * the service has taken it.
 */
function useReadiness(isWanted: boolean, status: PhoneState['status']): void {
  const epoch = useLive((state) => (state.connection === 'open' ? state.epoch : undefined));
  const isKnown = useLive(({ desk }) => desk?.agent.isPhoneReady ?? false);
  const isReady = status === 'ready';
  useEffect(() => {
    if (!isWanted || epoch === undefined || status === 'elsewhere' || status === 'off') return;
    if (isReady === isKnown) return;
    let again: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const tell = (): void => {
      api.put('/agents/me/phone', { isRegistered: isReady }).catch(() => {
        if (!isOver) again = setTimeout(tell, toldAgainMs);
      });
    };
    tell();
    return () => {
      isOver = true;
      clearTimeout(again);
    };
  }, [isWanted, epoch, isReady, isKnown, status]);
}
