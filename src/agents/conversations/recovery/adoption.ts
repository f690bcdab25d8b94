import { messageOf } from '../../../core/errors.ts';
import { ignore } from '../../../core/ignore.ts';
import { whenAborted } from '../../../core/concurrency/wait.ts';
import { hangUpLeg, type Call, type Cti, type Leg, type LegAddress } from '../../../cti/index.ts';
import type { Pool } from '../../../db/index.ts';
import type { Conversation } from '../conversation.ts';
import type { Conversations } from '../conversations.ts';
import { partyAt } from '../parties.ts';
import { adopt, realign as realignWith } from './reconcile.ts';
import { readRecovery } from '../recovery-record.ts';
import type { Pops } from '../../../lookup/index.ts';
import { planRecovery, type LegState, type PartyState, type RecoveryPlan } from './plan.ts';
import type { Supervision } from '../supervision.ts';

/** What a dead service has left of a call. */
export interface Adopted {
  conversation: Conversation | undefined;
  /** With nobody there: agents who talked to them, or whose telephones rang. They come first again. */
  staffIds: readonly string[];
}

/** What the switch has of a call. */
type SwitchSight = Pick<Cti, 'legsOf' | 'look'>;

export interface AdoptionParts {
  cti: SwitchSight;
  db: Pool;
  pops: Pick<Pops, 'read'>;
  conversations: Pick<Conversations, 'open'>;
  supervision: Pick<Supervision, 'keep'>;
  /** Told of agents who talked, and whose leg has gone meanwhile. */
  onLost: (callId: string, staffId: string) => Promise<void>;
}

/** Calls that a predecessor led: each is looked at once, as soon as it is met, and then led on by its flow. */
export class Adoptions {
  readonly #parts: AdoptionParts;
  readonly #open = new Map<string, Promise<Adopted>>();
  /** Also those that somebody waits for already. */
  readonly #underWay = new Set<Promise<Adopted>>();

  constructor(parts: AdoptionParts) {
    this.#parts = parts;
  }

  begin(call: Call): void {
    const adopted = this.#adopt(call).catch((error: unknown): Adopted => {
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

  async #adopt(call: Call): Promise<Adopted> {
    const { cti, db, pops, conversations, supervision } = this.#parts;
    const legs = cti.legsOf(call.id);
    if (legs.length === 0 && (call.recall('talk') ?? '') === '') {
      return { conversation: undefined, staffIds: [] };
    }
    const found = await lookAt(cti, call, (text) => readRecovery(text));
    const legOf = (legId: string) => legs.find((leg) => leg.id === legId);
    const dismissed = found.plan.dismissed.flatMap((legId) => legOf(legId) ?? []);
    await Promise.all(dismissed.map((leg) => hangUpLeg(leg)));
    const agentLeg = found.plan.kind === 'together' ? legOf(found.plan.agentLegId) : undefined;
    if (found.plan.kind === 'alone' || agentLeg === undefined) {
      await Promise.all(supervisorsOf(legs).map((leg) => hangUpLeg(leg)));
      const lost = found.record?.agent.staffId ?? null;
      if (lost !== null) await this.#parts.onLost(call.id, lost);
      const rung = dismissed.map((leg) => leg.recall('staff') ?? '');
      const staffIds = new Set([lost ?? '', ...rung].filter((one) => one !== ''));
      return { conversation: undefined, staffIds: [...staffIds] };
    }
    const otherLeg = legOf(found.plan.otherLegId ?? '');
    await ignore(pops.read(call.id), 'the pop is shown without what is known of the caller');
    const agent = await partyAt(db, agentLeg);
    const other = otherLeg === undefined ? undefined : await partyAt(db, otherLeg);
    const queueId = found.record?.queueId ?? (agentLeg.recall('queue') || null);
    const conversation = conversations.open(call, agent, queueId);
    void adopt(conversation, found.plan, other);
    for (const leg of supervisorsOf(legs)) supervision.keep(conversation, leg);
    return { conversation, staffIds: [] };
  }
}

/** What is meant to be is compared with what the switch has, once it can be seen again. */
export function realign(cti: SwitchSight, conversation: Conversation): Promise<void> {
  return realignWith(conversation, async () => {
    const found = await lookAt(cti, conversation.call, () => conversation.recovery);
    return found.plan;
  });
}

async function lookAt(
  cti: SwitchSight,
  call: Call,
  recordOf: (text: string | undefined) => Conversation['recovery'],
): Promise<{ plan: RecoveryPlan; record: Conversation['recovery'] }> {
  const legs = cti.legsOf(call.id).filter((leg) => leg.role !== 'supervisor');
  const customer = await stateOf(cti, { id: call.legId, switchNode: call.switchNode });
  const parties = await Promise.all(legs.map((leg) => stateOf(cti, leg)));
  const record = recordOf(call.recall('talk'));
  return {
    record,
    plan: planRecovery({
      record,
      customer: customer ?? { legId: call.legId, bridgedTo: undefined, sound: 'other' },
      parties: parties.filter((one) => one !== undefined),
    }),
  };
}

async function stateOf(
  cti: SwitchSight,
  leg: LegAddress,
): Promise<(LegState & PartyState) | undefined> {
  const seen = await cti.look(leg);
  return seen && { legId: leg.id, ...seen };
}

function supervisorsOf(legs: readonly Leg[]): Leg[] {
  return legs.filter((leg) => leg.role === 'supervisor');
}
