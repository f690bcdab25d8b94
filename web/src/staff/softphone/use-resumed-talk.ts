import { useEffect, useState } from 'react';
import { store, stored } from '../../shared/browser/storage.ts';
import { useLive } from '../../shared/realtime/use-live.ts';
import type { PhoneState } from './phone.types.ts';

/** The call that this tab talks in; it outlives the page, and nothing else. */
const name = 'lingting.talk';
/** A telephone that has not picked up by then is answered by hand. */
const patienceMs = 8000;

/**
 * A page that is loaded anew in a talk takes its leg with it; the service keeps the caller and offers them to the same
 * agent. Here that offer is picked up by itself: nobody who pressed F5 has to answer the same caller twice. Says which
 * call is being picked up so.
 */
export function useResumedTalk(
  { status, call }: PhoneState,
  expectCall: () => void,
): string | undefined {
  const [before, setBefore] = useState(() => stored(name, 'session'));
  const talk = useLive(({ desk }) => desk?.call?.callId);
  const back = useLive(({ desk }) =>
    desk?.offer?.kind === 'return' && desk.agent.phone === 'browser'
      ? desk.offer.callId
      : undefined,
  );
  const isTalking = call?.state === 'talking';
  useEffect(() => {
    if (!isTalking || talk === undefined) return;
    setBefore(null);
    store(name, talk, 'session');
  }, [isTalking, talk]);
  // The page is still there: the telephone was hung up, and is not on its way back.
  useEffect(() => (isTalking ? () => store(name, null, 'session') : undefined), [isTalking]);
  const resumed = back === before && status !== 'elsewhere' ? back : undefined;
  useEffect(() => {
    if (resumed === undefined) return;
    expectCall();
    const timer = setTimeout(() => setBefore(null), patienceMs);
    return () => clearTimeout(timer);
  }, [resumed, expectCall]);
  return resumed;
}
