import { mustChange } from '../../core/changes.ts';
import type { Clock } from '../../core/clock.ts';
import { emit, type Db, type MessageChannel } from '../../db/index.ts';
import { ChoiceNotFoundError } from '../property.errors.ts';
import { lockPerson } from './owner-changes.ts';

export type ChoiceChannel = 'call' | MessageChannel;

/** What a person wants to hear of, in which ways (the dearest first) and at what hours (N5). */
export interface Choice {
  topic: string;
  isWanted: boolean;
  channels: ChoiceChannel[];
  /** Minutes from local midnight; null for any hour that the law allows. */
  hours: { fromMinute: number; toMinute: number } | null;
  /** How we know. */
  evidence: string;
  changedAt: Date;
}

export function choicesOf(db: Db, personId: string): Promise<Choice[]> {
  return db
    .selectFrom('subscription')
    .select(['topic', 'isWanted', 'channels', 'hours', 'evidence', 'changedAt'])
    .where('personId', '=', personId)
    .orderBy('topic')
    .execute();
}

/** `db` must be a transaction. */
export async function choose(
  db: Db,
  clock: Clock,
  personId: string,
  { topic, isWanted, channels, hours, evidence }: Omit<Choice, 'changedAt'>,
): Promise<void> {
  await lockPerson(db, personId);
  const before = (await choicesOf(db, personId)).find((one) => one.topic === topic);
  if (before !== undefined) mustChange(before, { isWanted, channels, hours });
  const values = {
    ...{ isWanted, evidence },
    channels: JSON.stringify(channels),
    hours: hours === null ? null : JSON.stringify(hours),
    changedAt: clock.now(),
  };
  await db
    .insertInto('subscription')
    .values({ personId, topic, ...values })
    .onConflict((conflict) => conflict.columns(['personId', 'topic']).doUpdateSet(values))
    .execute();
  await emit(db, 'owner.changed', { personId }, clock.now());
}

/** Back to what everybody gets. `db` must be a transaction. Throws `choice.not_found`. */
export async function forgetChoice(
  db: Db,
  clock: Clock,
  personId: string,
  topic: string,
): Promise<void> {
  await lockPerson(db, personId);
  const forgotten = await db
    .deleteFrom('subscription')
    .where('personId', '=', personId)
    .where('topic', '=', topic)
    .returning('topic')
    .executeTakeFirst();
  if (forgotten === undefined) throw new ChoiceNotFoundError();
  await emit(db, 'owner.changed', { personId }, clock.now());
}
