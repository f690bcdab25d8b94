import type { QueueView } from '../../contract/agents/queues.ts';
import type { Pool } from '../../db/index.ts';
import type { Seats } from '../acd/sessions/seats.ts';
import type { Acd } from '../acd/queues/acd.ts';
import type { Party } from '../acd/queues/waiting.types.ts';
import type { Referral } from './conversation.types.ts';

export interface ReferralParts {
  acd: Pick<Acd, 'queues'>;
  seats: Pick<Seats, 'all'>;
  db: Pool;
}

/** The conversation that a telephone refers to somebody else. */
interface Referred {
  readonly queueId: string | null;
  readonly agent: Party;
}

/** The queue that a conversation belongs to: its own, else the general one. */
export function queueOf(
  queues: readonly QueueView[],
  { queueId }: Pick<Referred, 'queueId'>,
): string | undefined {
  return queueId ?? queues.find((queue) => queue.code === 'general')?.queueId;
}

/**
 * Whom an agent's telephone means by the target of its own transfer (REFER): a colleague who can take a
 * call now, a queue by its code, or whoever answers a hotline. Undefined when nobody is meant who could.
 */
export async function referredTo(
  parts: ReferralParts,
  conversation: Referred,
  target: string,
): Promise<Referral | undefined> {
  const { acd, seats, db } = parts;
  const queue = acd.queues.find(({ code, isActive }) => code === target && isActive);
  if (queue !== undefined) return { queueId: queue.queueId, staffId: null };
  const queueId = queueOf(acd.queues, conversation);
  if (queueId !== undefined && (await isHotline(db, target))) return { queueId, staffId: null };
  const seat = seats.all.find(({ username }) => username === target);
  if (queueId === undefined || seat === undefined) return undefined;
  const canTake =
    seat.staffId !== conversation.agent.staffId &&
    seat.presence === 'available' &&
    seat.engagement === 'idle' &&
    seat.isPhoneReady;
  return canTake ? { queueId, staffId: seat.staffId } : undefined;
}

async function isHotline(db: Pool, target: string): Promise<boolean> {
  if (!/^\d{1,20}$/.test(target)) return false;
  const row = await db
    .selectFrom('hotline')
    .select('did')
    .where('did', '=', target)
    .executeTakeFirst();
  return row !== undefined;
}
