import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Db, Pool } from '../../db/index.ts';
import { normaliseNumber } from '../../property/index.ts';
import { BadListError } from './campaign.errors.ts';
import { checkList, type ListEntry, type ListFault } from './upload.ts';

export interface SavedList {
  id: string;
  name: string;
  entries: number;
  slots: string[];
  faults: ListFault[];
}

const mostEntries = 100_000;
const batchSize = 1000;

/** Checks an uploaded list and keeps what is right of it. Throws `campaign_list.bad`. */
export async function saveList(
  { db, clock }: { db: Pool; clock: Clock },
  { name, text }: { name: string; text: string },
  actor: string,
  siteIds: string[] | null = null,
): Promise<SavedList> {
  const list = checkList(text, normaliseNumber);
  if (list === undefined) {
    throw new BadListError('The head line needs a column "number" (电话, 手机号).');
  }
  if (list.entries.length === 0) throw new BadListError('The list has no line that can be used.');
  if (list.entries.length > mostEntries) {
    throw new BadListError(`The list has more than ${mostEntries} lines; split it.`);
  }
  const id = newId();
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('campaignList')
      .values({
        id,
        name,
        entries: list.entries.length,
        faults: JSON.stringify(list.faults),
        createdBy: actor,
        siteIds,
        createdAt: clock.now(),
      })
      .execute();
    for (let from = 0; from < list.entries.length; from += batchSize) {
      await insert(trx, id, list.entries.slice(from, from + batchSize));
    }
  });
  return { id, name, entries: list.entries.length, slots: list.slots, faults: list.faults };
}

/** Numbers that we know get their person, so that wishes and refusals are obeyed for lists, too. */
async function insert(trx: Db, listId: string, entries: readonly ListEntry[]): Promise<void> {
  const known = await trx
    .selectFrom('personPhone')
    .select(['number', 'personId'])
    .where(
      'number',
      'in',
      entries.map((one) => one.number),
    )
    .orderBy('isPrimary', 'desc')
    .execute();
  const personOf = new Map(
    known.map(({ number, personId }) => [number, personId] as const).reverse(),
  );
  await trx
    .insertInto('campaignListEntry')
    .values(
      entries.map(({ line, number, name, language, vars }) => ({
        listId,
        line,
        number,
        name,
        language,
        personId: personOf.get(number) ?? null,
        roomId: null,
        vars: JSON.stringify(vars),
      })),
    )
    .execute();
}
