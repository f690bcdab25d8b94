import type { Db } from '../../db/index.ts';
import type { Wish } from './channels.ts';

export interface ChosenWish extends Wish {
  /** Minutes from local midnight; null for any hour that the law allows. */
  hours: { fromMinute: number; toMinute: number } | null;
}

/** What a person chose for a topic; undefined when they never said, or are not known. */
export async function wishOf(
  db: Db,
  personId: string | null,
  topic: string,
): Promise<ChosenWish | undefined> {
  if (personId === null) return undefined;
  return db
    .selectFrom('subscription')
    .select(['isWanted', 'channels', 'hours'])
    .where('personId', '=', personId)
    .where('topic', '=', topic)
    .executeTakeFirst();
}
