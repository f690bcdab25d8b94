import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import { inSites, Scope, within, type Db } from '../../db/index.ts';
import { sql } from 'kysely';
import { roomLabelOf } from '../../property/index.ts';
import { BadListError } from '../campaigns/campaign.errors.ts';
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

/** What is right of an uploaded list, and what is wrong. */
export interface ReadList {
  entries: readonly ListEntry[];
  slots: string[];
  faults: ListFault[];
}

/** Reads an uploaded list, which may take seconds. Throws `campaign_list.bad`. */
export async function readList(text: string): Promise<ReadList> {
  const list = await checkList(text);
  if ('heads' in list) {
    const seen = list.heads.slice(0, 20).join(', ').slice(0, 300);
    throw new BadListError(
      `The head line needs a column of numbers (电话, 手机号, number); it has: ${seen}.`,
    );
  }
  if (list.entries.length === 0) throw new BadListError('The list has no line that can be used.');
  if (list.entries.length > mostEntries) {
    throw new BadListError(`The list has more than ${mostEntries} lines; split it.`);
  }
  return list;
}

/** Keeps what is right of a list. */
export async function keepList(
  scope: Scope,
  { db, clock }: { db: Db; clock: Clock },
  { name, list }: { name: string; list: ReadList },
  actor: string,
): Promise<SavedList> {
  const id = newId();
  await within(db, async (trx) => {
    await trx
      .insertInto('campaignList')
      .values({
        id,
        name,
        entries: list.entries.length,
        faults: JSON.stringify(list.faults),
        createdBy: actor,
        siteIds: scope.sites === null ? null : [...scope.sites],
        createdAt: clock.now(),
      })
      .execute();
    for (let from = 0; from < list.entries.length; from += batchSize) {
      await insert(trx, id, list.entries.slice(from, from + batchSize), scope);
    }
  });
  return { id, name, entries: list.entries.length, slots: list.slots, faults: list.faults };
}

/** Both, for a list of all sites. Throws `campaign_list.bad`. */
export async function saveList(
  parts: { db: Db; clock: Clock },
  { name, text }: { name: string; text: string },
  actor: string,
): Promise<SavedList> {
  const scope = Scope.everything('a list that nobody brings is of all sites');
  return keepList(scope, parts, { name, list: await readList(text) }, actor);
}

/**
 * Numbers that we know get their person, so that wishes and refusals are obeyed for lists, too; rooms get
 * their home, when one alone has that label or the person lives in one of them, within
 * the scope of whoever brings the list.
 */
async function insert(
  trx: Db,
  listId: string,
  entries: readonly ListEntry[],
  scope: Scope,
): Promise<void> {
  const personOf = await peopleOf(trx, entries);
  const roomOf = await roomsOf(trx, entries, personOf, scope);
  const rows = entries.map(({ line, number, moreNumbers, name, language, room, vars }, at) => ({
    ...{ line, number, more_numbers: moreNumbers, name, language },
    person_id: personOf.get(number) ?? null,
    room_id: roomOf[at] ?? null,
    vars: room === '' ? vars : { ...vars, room },
  }));
  // One parameter: a thousand rows of eight take a builder as long as the database.
  await sql`
    INSERT INTO campaign_list_entry
      (list_id, line, number, more_numbers, name, language, person_id, room_id, vars)
    SELECT ${listId}, line, number, more_numbers, name, language, person_id, room_id, vars
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS entry (line int, number text,
      more_numbers jsonb, name text, language text, person_id uuid, room_id uuid, vars jsonb)
  `.execute(trx);
}

async function peopleOf(trx: Db, entries: readonly ListEntry[]): Promise<Map<string, string>> {
  const known = await trx
    .selectFrom('personPhone')
    .select(['number', 'personId'])
    .where('number', '=', sql<string>`ANY(${entries.map((one) => one.number)}::text[])`)
    .orderBy('isPrimary', 'desc')
    .execute();
  return new Map(known.map(({ number, personId }) => [number, personId] as const).reverse());
}

async function roomsOf(
  trx: Db,
  entries: readonly ListEntry[],
  personOf: ReadonlyMap<string, string>,
  scope: Scope,
): Promise<(string | undefined)[]> {
  const labels = entries.map(({ room }) => (room === '' ? undefined : roomLabelOf(room)));
  const wanted = [...new Set(labels.filter((label) => label !== undefined))];
  if (wanted.length === 0) return [];
  const { rows } = await sql<{ label: string; roomId: string; people: string[] }>`
    SELECT room.label, room.id AS "roomId",
      coalesce(array_agg(occupancy.person_id) FILTER (WHERE occupancy.person_id IS NOT NULL), '{}')
        AS people
    FROM room LEFT JOIN occupancy ON occupancy.room_id = room.id
    WHERE room.label = ANY(${wanted}::text[])
      AND ${inSites(sql`room.estate_id`, scope.sites)}
    GROUP BY room.id
  `.execute(trx);
  const byLabel = new Map<string, (typeof rows)[number][]>();
  for (const row of rows) byLabel.set(row.label, [...(byLabel.get(row.label) ?? []), row]);
  return entries.map(({ number }, at) => {
    const found = byLabel.get(labels[at] ?? '') ?? [];
    if (found.length <= 1) return found[0]?.roomId;
    const personId = personOf.get(number);
    const own = found.filter((row) => personId !== undefined && row.people.includes(personId));
    return own.length === 1 ? own[0]?.roomId : undefined;
  });
}
