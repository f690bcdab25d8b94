import type { Desk } from '../agents.types.ts';
import type { Conversation } from './conversation.ts';
import type { Referral } from './conversation.types.ts';

/** The queue that a conversation belongs to: its own, else the general one. */
export function queueOf({ floor }: Desk, { queueId }: Conversation): string | undefined {
  return queueId ?? floor.queues.find((queue) => queue.code === 'general')?.queueId;
}

/**
 * Whom an agent's telephone means by the target of its own transfer (REFER): a colleague who can take a
 * call now, a queue by its code, or whoever answers a hotline. Undefined when nobody is meant who could.
 */
export async function referredTo(
  desk: Desk,
  conversation: Conversation,
  target: string,
): Promise<Referral | undefined> {
  const { floor, seats } = desk;
  const queue = floor.queues.find(({ code, isActive }) => code === target && isActive);
  if (queue !== undefined) return { queueId: queue.queueId, staffId: null };
  const queueId = queueOf(desk, conversation);
  if (queueId !== undefined && (await isHotline(desk, target))) return { queueId, staffId: null };
  const seat = seats.all.find(({ username }) => username === target);
  if (queueId === undefined || seat === undefined) return undefined;
  const canTake =
    seat.staffId !== conversation.agent.staffId &&
    seat.presence === 'available' &&
    seat.engagement === 'idle' &&
    seat.isPhoneReady;
  return canTake ? { queueId, staffId: seat.staffId } : undefined;
}

async function isHotline({ db }: Desk, target: string): Promise<boolean> {
  if (!/^\d{1,20}$/.test(target)) return false;
  const row = await db
    .selectFrom('hotline')
    .select('did')
    .where('did', '=', target)
    .executeTakeFirst();
  return row !== undefined;
}
