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
import { orAlready } from '../../api/already.ts';
import { api, Problem } from '../../api/client.ts';
import { attempt } from '../../shared/browser/attempt.ts';
import { useLive } from '../../shared/realtime/use-live.ts';
import { browserId } from './browser-id.ts';
import { cannotSpeak } from './sound/microphone.ts';
import { Softphone } from './phone.ts';
import type { PhoneState } from './phone.types.ts';
import { holdPhone, type TabLock } from './tab-lock.ts';
import { useResumedTalk } from './use-resumed-talk.ts';

interface PhoneValue {
  state: PhoneState;
  phone: Softphone;
  /** The next call is one we asked for: whichever tab has the telephone picks it up, ringing or not. */
  expectCall: () => void;
  expectNothing: () => void;
  /** Takes the telephone from another tab. */
  takeHere: () => void;
  /** The call that is picked up by itself, for the page was loaded anew in it. */
  resumed: string | undefined;
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
        account: (isTaking) =>
          api
            .post('/agents/me/phone', { body: { browser: browserId(), isTaking } })
            .catch(ifElsewhere),
        isInCall: () => isInCall.current,
      }),
  );
  const state = useSyncExternalStore(phone.subscribe, phone.getState);
  const isSeated = useIsSeated();
  const isBrowser = useLive(({ desk }) => desk?.agent.phone === 'browser');
  const lock = useRef<TabLock | undefined>(undefined);
  const isWanted = isSeated && isBrowser;
  const place = usePlace(phone, isWanted);
  useEffect(() => {
    if (!isWanted) return;
    const held = holdPhone((isOurs) => {
      if (isOurs && place.mayStart()) phone.start();
      else phone.stop('elsewhere');
    });
    lock.current = held;
    return () => {
      lock.current = undefined;
      held.release();
      phone.stop();
    };
  }, [isWanted, phone, place]);
  useReadiness(isWanted, state);
  const channel = useRef<BroadcastChannel | undefined>(undefined);
  useEffect(() => {
    const open = attempt('a word to other tabs', () => new BroadcastChannel('lingting.phone'));
    channel.current = open;
    if (open === undefined) return;
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
  const takeHere = useCallback(() => {
    place.take();
    if (lock.current?.isOurs() === true) phone.start();
    else lock.current?.steal();
  }, [phone, place]);
  const resumed = useResumedTalk(state, expectCall);
  const value = useMemo(
    () => ({ state, phone, expectCall, expectNothing, takeHere, resumed }),
    [state, phone, expectCall, expectNothing, takeHere, resumed],
  );
  return <PhoneContext value={value}>{children}</PhoneContext>;
}

export function usePhone(): PhoneValue {
  const value = use(PhoneContext);
  if (value === undefined) throw new Error('PhoneProvider is missing above this component.');
  return value;
}

function ifElsewhere(error: unknown): 'elsewhere' {
  if (error instanceof Problem && error.code === 'phone.elsewhere') return 'elsewhere';
  throw error;
}

interface Place {
  /** Whether this browser may take the telephone by itself. */
  mayStart: () => boolean;
  /** The person wants it here. */
  take: () => void;
}

/**
 * One browser of an agent has the telephone: the one that was opened last, unless another one is in a call.
 * When another one takes it, this one lets go and says so.
 */
function usePlace(phone: Softphone, isWanted: boolean): Place {
  const holder = useLive(({ desk }) => desk?.phoneBrowser ?? null);
  const isInCall = useLive(
    ({ desk }) =>
      desk !== null &&
      desk.agent.isPhoneReady &&
      ['offered', 'talking'].includes(desk.agent.engagement),
  );
  const known = useRef({ holder, isInCall, isForced: false });
  known.current = { ...known.current, holder, isInCall };
  const wasOurs = useRef(false);
  useEffect(() => {
    const isOurs = holder === browserId();
    const { status } = phone.getState();
    if (isWanted && wasOurs.current && holder !== null && !isOurs && status !== 'off') {
      phone.stop('elsewhere');
    }
    wasOurs.current = isOurs;
  }, [holder, isWanted, phone]);
  return useMemo(
    () => ({
      mayStart() {
        const { holder: theirs, isInCall: isBusy, isForced } = known.current;
        known.current.isForced = false;
        return isForced || !isBusy || theirs === null || theirs === browserId();
      },
      take: () => void (known.current.isForced = true),
    }),
    [],
  );
}

/** When the service could not be told, for so long. */
const toldAgainMs = 2000;

/**
 * The service offers calls only to a telephone that says it is there; said again after a restart, and until
 * the service has taken it.
 */
function useReadiness(isWanted: boolean, { status, microphone }: PhoneState): void {
  const epoch = useLive((state) => (state.connection === 'open' ? state.epoch : undefined));
  const isKnown = useLive(({ desk }) => desk?.agent.isPhoneReady ?? false);
  // Nobody is rung who could not be heard.
  const isReady = status === 'ready' && !cannotSpeak(microphone);
  useEffect(() => {
    if (!isWanted || epoch === undefined || status === 'elsewhere' || status === 'off') return;
    if (isReady === isKnown) return;
    let again: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const tell = (): void => {
      const report = { isRegistered: isReady, browser: browserId() };
      orAlready(api.put('/agents/me/phone', { body: report })).catch(() => {
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
