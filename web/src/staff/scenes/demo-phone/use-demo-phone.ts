import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { api, Problem } from '../../../api/client.ts';
import { randomId } from '../../../shared/browser/random-id.ts';
import { Softphone } from '../../softphone/phone.ts';
import { phoneOff } from '../../softphone/phone.types.ts';

/** Which calls ring here; `nothing`: it registers only to call. */
export type Answers = 'every' | 'own' | 'nothing';

type Failure = 'demo.unavailable' | 'demo.carrier' | 'demo.switchedOff' | 'problem.network';

/** Why there is no telephone. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof Problem) || error.status === 0) return 'problem.network';
  const reason = error.code === 'demo.phones_off' ? error.details['reason'] : undefined;
  if (reason === 'carrier') return 'demo.carrier';
  return reason === 'setting' ? 'demo.switchedOff' : 'demo.unavailable';
}

/** Typing a number is over by then. */
const settledMs = 600;

/** The account is made for the number chosen at that time: when one dials, or to be called. */
export function useDemoPhone(caller: string, answers: Answers) {
  const phone = useRef<Softphone | undefined>(undefined);
  const id = useRef('');
  id.current ||= randomId().replaceAll('-', '').slice(0, 12);
  const wanted = useRef({ caller, answers });
  wanted.current = { caller, answers };
  const [failure, setFailure] = useState<Failure>();
  phone.current ??= new Softphone({
    isRinging: true,
    account: () =>
      api
        .post('/demo/phone', {
          body: {
            number: wanted.current.caller,
            ...(wanted.current.answers === 'nothing'
              ? {}
              : { answers: wanted.current.answers, phone: id.current }),
          },
        })
        .catch((error: unknown) => {
          setFailure(failureOf(error));
          throw error;
        }),
  });
  const one = phone.current;
  const state = useSyncExternalStore(one.subscribe, one.getState, () => phoneOff);
  const toDial = useRef<string | undefined>(undefined);
  const registered = useRef<string | undefined>(undefined);
  const key = `${caller} ${answers}`;
  useEffect(() => {
    if (state.status === 'failed') {
      toDial.current = undefined;
      setFailure((known) => known ?? 'demo.unavailable');
      one.stop();
    }
    if (state.status !== 'ready' || toDial.current === undefined) return;
    const number = toDial.current;
    toDial.current = undefined;
    void one.dial(number);
  }, [state.status, one]);
  const isFree = state.call === undefined;
  useEffect(() => {
    if (!isFree || registered.current === key) return;
    const timer = setTimeout(() => {
      // Whoever dialled at once has registered by now.
      if (registered.current === key) return;
      if (answers !== 'nothing' && /^\d{3,15}$/.test(caller)) {
        registered.current = key;
        one.stop();
        one.start();
      } else if (registered.current !== undefined) {
        registered.current = undefined;
        one.stop();
      }
    }, settledMs);
    return () => clearTimeout(timer);
  }, [key, isFree, answers, caller, one]);
  useEffect(
    () => () => {
      registered.current = undefined;
      one.stop();
    },
    [one],
  );
  const dial = (number: string) => {
    setFailure(undefined);
    if (state.status === 'ready' && registered.current === key) {
      void one.dial(number);
      return;
    }
    registered.current = key;
    toDial.current = number;
    one.stop();
    one.start();
  };
  return { phone, state, dial, failure };
}
