import type { DeskView, LegView } from '../../contract/agents/agents.ts';
import type { Pop } from '../../contract/agents/pop.ts';

type Mask = (number: string) => string;

/** A desk for somebody who may not see whole numbers. */
export function maskDesk(desk: DeskView, mask: Mask): DeskView {
  const { offer, call, wrapUp } = desk;
  return {
    ...desk,
    offer: offer === null ? null : { ...offer, pop: maskPop(offer.pop, mask) },
    call:
      call === null
        ? null
        : {
            ...call,
            pop: maskPop(call.pop, mask),
            legs: call.legs.map((leg) => maskLeg(leg, mask)),
          },
    wrapUp: wrapUp === null ? null : { ...wrapUp, pop: maskPop(wrapUp.pop, mask) },
  };
}

export function maskPop(pop: Pop, mask: Mask): Pop {
  return { ...pop, callerNumber: mask(pop.callerNumber) };
}

/** Staff are shown by name, everybody else by number. */
function maskLeg(leg: LegView, mask: Mask): LegView {
  return leg.staffId === null ? { ...leg, label: mask(leg.label) } : leg;
}
