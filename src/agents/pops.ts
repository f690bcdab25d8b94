import type { Pop } from '../api/contract/pop.ts';
import type { Pops } from './agents.types.ts';

/** Keeps what was read of each call that a screen shows. `build` asks the records. */
export function keepPops(build: (callId: string) => Promise<Pop>): Pops {
  const known = new Map<string, Pop>();
  const refresh = async (callId: string): Promise<Pop> => {
    const pop = await build(callId);
    known.set(callId, pop);
    return pop;
  };
  return {
    peek: (callId) => known.get(callId),
    async read(callId) {
      return known.get(callId) ?? refresh(callId);
    },
    refresh,
    forget: (callId) => void known.delete(callId),
  };
}
