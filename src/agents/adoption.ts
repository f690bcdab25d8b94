import { messageOf } from '../core/errors.ts';
import { whenAborted } from '../core/concurrency/wait.ts';
import { hangUpLeg, type Call, type Leg, type LegAddress } from '../cti/index.ts';
import type { Desk } from './agents.types.ts';
import type { Conversation } from './conversation/conversation.ts';
import { openConversation } from './conversation/open.ts';
import { partyAt } from './conversation/parties.ts';
import { readTalkMark } from './conversation/talk-mark.ts';
import { standing, type LegState, type PartyState, type Standing } from './standing.ts';
import { supervise } from './supervise.ts';
import { ignore } from '../core/ignore.ts';

/** What a dead service has left of a call. */
export interface Adopted {
  conversation: Conversation | undefined;
  /** With nobody there: agents who talked to them, or whose telephones rang. They come first again. */
  staffIds: readonly string[];
}

/** Calls that a predecessor led: each is looked at once, as soon as it is met, and then led on by its flow. */
export class Adoptions {
  readonly #onLost: (callId: string, staffId: string) => Promise<void>;
  readonly #open = new Map<string, Promise<Adopted>>();
  /** Also those that somebody waits for already. */
  readonly #underWay = new Set<Promise<Adopted>>();

  /** @param onLost told of agents who talked, and whose line has gone meanwhile. */
  constructor(onLost: (callId: string, staffId: string) => Promise<void>) {
    this.#onLost = onLost;
  }

  begin(desk: Desk, call: Call): void {
    const adopted = this.#adopt(desk, call).catch((error: unknown): Adopted => {
      call.log.error({ reason: messageOf(error) }, 'legs of a lost call not read');
      return { conversation: undefined, staffIds: [] };
    });
    this.#open.set(call.id, adopted);
    this.#underWay.add(adopted);
    void adopted.then(() => this.#underWay.delete(adopted));
    whenAborted(call.gone, () => this.#open.delete(call.id));
  }

  /** Once, by whoever leads the call on; undefined for one that began here. */
  take(callId: string): Promise<Adopted> | undefined {
    const adopted = this.#open.get(callId);
    this.#open.delete(callId);
    return adopted;
  }

  /** Resolves when all that were met so far have been looked at. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #adopt(desk: Desk, call: Call): Promise<Adopted> {
    const legs = desk.cti.legsOf(call.id);
    if (legs.length === 0 && (call.recall('talk') ?? '') === '') {
      return { conversation: undefined, staffIds: [] };
    }
    const found = await lookAt(desk, call, (text) => readTalkMark(text));
    const legOf = (legId: string) => legs.find((leg) => leg.id === legId);
    const dismissed = found.standing.dismissed.flatMap((legId) => legOf(legId) ?? []);
    await Promise.all(dismissed.map((leg) => hangUpLeg(leg)));
    const agentLeg =
      found.standing.kind === 'together' ? legOf(found.standing.agentLegId) : undefined;
    if (found.standing.kind === 'alone' || agentLeg === undefined) {
      await Promise.all(supervisorsOf(legs).map((leg) => hangUpLeg(leg)));
      const lost = found.mark?.agent.staffId ?? null;
      if (lost !== null) await this.#onLost(call.id, lost);
      const rung = dismissed.map((leg) => leg.recall('staff') ?? '');
      const staffIds = new Set([lost ?? '', ...rung].filter((one) => one !== ''));
      return { conversation: undefined, staffIds: [...staffIds] };
    }
    const otherLeg = legOf(found.standing.otherLegId ?? '');
    await ignore(desk.pops.read(call.id), 'the pop is shown without what is known of the caller');
    const agent = await partyAt(desk, agentLeg);
    const other = otherLeg === undefined ? undefined : await partyAt(desk, otherLeg);
    const queueId = found.mark?.queueId ?? (agentLeg.recall('queue') || null);
    const conversation = openConversation(desk, call, agent, queueId);
    void conversation.adopt(found.standing, other);
    for (const leg of supervisorsOf(legs)) supervise.keep(desk, conversation, leg);
    return { conversation, staffIds: [] };
  }
}

/** What is meant to be is compared with what the switch has, once it can be seen again. */
export function realign(desk: Desk, conversation: Conversation): Promise<void> {
  return conversation.realign(async () => {
    const found = await lookAt(desk, conversation.call, () => conversation.mark);
    return found.standing;
  });
}

async function lookAt(
  desk: Desk,
  call: Call,
  markOf: (text: string | undefined) => Conversation['mark'],
): Promise<{ standing: Standing; mark: Conversation['mark'] }> {
  const legs = desk.cti.legsOf(call.id).filter((leg) => leg.role !== 'supervisor');
  const customer = await stateOf(desk, { id: call.legId, switchNode: call.switchNode });
  const parties = await Promise.all(legs.map((leg) => stateOf(desk, leg)));
  const mark = markOf(call.recall('talk'));
  return {
    mark,
    standing: standing({
      mark,
      customer: customer ?? { legId: call.legId, bridgedTo: undefined, sound: 'other' },
      parties: parties.filter((one) => one !== undefined),
    }),
  };
}

async function stateOf(
  { cti }: Desk,
  leg: LegAddress,
): Promise<(LegState & PartyState) | undefined> {
  const seen = await cti.look(leg);
  return seen && { legId: leg.id, ...seen };
}

function supervisorsOf(legs: readonly Leg[]): Leg[] {
  return legs.filter((leg) => leg.role === 'supervisor');
}
