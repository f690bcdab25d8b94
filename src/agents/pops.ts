import type { Pop } from '../api/contract/pop.ts';
import type { Call } from '../cti/index.ts';
import type { Pops } from './agents.types.ts';

/** Keeps what was read of each live call. `build` asks the records. */
export function keepPops(build: (call: Call, isEmergency: boolean) => Promise<Pop>): Pops {
  const known = new Map<string, { pop: Pop; isEmergency: boolean }>();
  const read = async (call: Call, isEmergency: boolean): Promise<Pop> => {
    const pop = await build(call, isEmergency);
    known.set(call.id, { pop, isEmergency });
    return pop;
  };
  return {
    peek: (callId) => known.get(callId)?.pop,
    async read(call, isEmergency) {
      return known.get(call.id)?.pop ?? read(call, isEmergency);
    },
    refresh: (call) => read(call, known.get(call.id)?.isEmergency ?? false),
    forget: (callId) => void known.delete(callId),
  };
}
