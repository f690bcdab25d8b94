import type { Pop } from '../contract/agents/pop.ts';

/** What is known of callers, for screens; asked once a call and kept until it changes. */
export interface Pops {
  /** What is known now; undefined until it has been read. */
  peek(callId: string): Pop | undefined;
  read(callId: string): Promise<Pop>;
  refresh(callId: string): Promise<Pop>;
  /** Calls of which that home, or that person, is shown; all that are known when neither is named. */
  about(whom: { roomId?: string | null; personId?: string }): string[];
  forget(callId: string): void;
}

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
