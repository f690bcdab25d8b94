import type { Pop } from '../contract/pop.ts';
import type { Pops } from './agents.types.ts';

/** Keeps what was read of each call that a screen shows. `build` asks the records. */
export function keepPops(build: (callId: string) => Promise<Pop>): Pops {
  const known = new Map<string, Pop>();
  /** The reading that began last: an earlier one may end later, and one may end when nobody needs it any more. */
  const reading = new Map<string, symbol>();
  const refresh = async (callId: string): Promise<Pop> => {
    const mine = Symbol(callId);
    reading.set(callId, mine);
    try {
      const pop = await build(callId);
      if (reading.get(callId) === mine) known.set(callId, pop);
      return pop;
    } finally {
      if (reading.get(callId) === mine) reading.delete(callId);
    }
  };
  return {
    peek: (callId) => known.get(callId),
    async read(callId) {
      return known.get(callId) ?? refresh(callId);
    },
    refresh,
    about({ roomId, personId }) {
      return [...known]
        .filter(
          ([, { candidates }]) =>
            (roomId === undefined && personId === undefined) ||
            candidates.some(
              (one) =>
                one.personId === personId || one.homes.some((home) => home.roomId === roomId),
            ),
        )
        .map(([callId]) => callId);
    },
    forget(callId) {
      known.delete(callId);
      reading.delete(callId);
    },
  };
}
