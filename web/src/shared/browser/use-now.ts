import { useEffect, useState } from 'react';
import { useLive } from '../realtime/use-live.ts';

/** The service's clock, told every so often; timers of all screens agree. */
export function useNow(everyMs = 1000): number {
  const offset = useLive((state) => state.clockOffsetMs);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now + offset;
}
