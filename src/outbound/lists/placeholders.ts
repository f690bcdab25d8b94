import { sql } from 'kysely';
import type { CampaignSettings } from '../../contract/campaigns/campaigns.ts';
import type { Language } from '../../core/language.ts';
import type { ContactRow, Db } from '../../db/index.ts';
import { PlaceholderError } from '../campaigns/campaign.errors.ts';

/**
 * `{name}`, `{room}` and the columns of a list in what a campaign says and writes: each is filled for the
 * person, or the campaign is not saved. Nobody ever hears or reads a slot by its name.
 */
const ofEverybody: readonly string[] = ['name', 'estate', 'callback'];
const slotPattern = /\{([^{}]*)\}/g;

/** Throws `campaign.placeholder` for the first slot that nothing fills. `db` reads the list. */
export async function checkPlaceholders(db: Db, settings: CampaignSettings): Promise<void> {
  const used = [...slotsOf(settings)];
  const { listId, campaign } = settings.audience;
  const filled = new Set<string>(
    listId === undefined && campaign === undefined ? [...ofEverybody, 'room'] : ofEverybody,
  );
  for (const { field, slot } of used) {
    if (filled.has(slot)) continue;
    const empty =
      listId !== undefined
        ? await emptyInList(db, listId, slot)
        : campaign !== undefined
          ? await emptyInCampaign(db, campaign.id, slot)
          : undefined;
    if (empty === undefined) throw new PlaceholderError(field, slot, 'unknown');
    if (empty > 0) throw new PlaceholderError(field, slot, 'empty', empty);
    filled.add(slot);
  }
}

function* slotsOf({ script }: CampaignSettings): Generator<{ field: string; slot: string }> {
  for (const [name, texts] of Object.entries(script.texts)) {
    for (const [language, text = ''] of Object.entries(texts)) {
      const field = `settings.script.texts.${name}.${language}`;
      for (const match of text.matchAll(slotPattern)) yield { field, slot: match[1] ?? '' };
      // A brace without its other half.
      const rest = /[{}]/.exec(text.replaceAll(slotPattern, ''))?.[0];
      if (rest !== undefined) yield { field, slot: rest };
    }
  }
}

/** Lines that leave it empty; undefined when the list has no such column. */
async function emptyInList(db: Db, listId: string, slot: string): Promise<number | undefined> {
  const { rows } = await sql<{ filled: number; all: number }>`
    SELECT count(*) FILTER (WHERE coalesce(vars ->> ${slot}::text, '') <> '')::int AS filled,
      count(*)::int AS all
    FROM campaign_list_entry WHERE list_id = ${listId}
  `.execute(db);
  return missing(rows[0]);
}

/** The people of a former campaign, who may have come from a list. */
async function emptyInCampaign(db: Db, id: string, slot: string): Promise<number | undefined> {
  const { rows } = await sql<{ filled: number; all: number }>`
    SELECT count(*) FILTER (WHERE coalesce(vars ->> ${slot}::text, '') <> '')::int AS filled,
      count(*)::int AS all
    FROM campaign_contact WHERE campaign_id = ${id}
  `.execute(db);
  return missing(rows[0]);
}

function missing(row: { filled: number; all: number } | undefined): number | undefined {
  return row === undefined || row.filled === 0 ? undefined : row.all - row.filled;
}

export interface Filling {
  language: Language;
  estate: string | undefined;
  callback: string | undefined;
}

/** A text for one person. */
export function filledFor(
  text: string,
  contact: Pick<ContactRow, 'name' | 'vars'>,
  { language, estate = '', callback = '' }: Filling,
): string {
  const own = Object.fromEntries(
    Object.entries(contact.vars).filter(
      (one): one is [string, string] => typeof one[1] === 'string',
    ),
  );
  const name = contact.name === '' ? somebody[language] : contact.name;
  return filled(text, { ...own, name, estate, callback });
}

/** A text as whoever checks a campaign reads and hears it. */
export function filledAsExample(
  text: string,
  { language, estate = '', callback = '' }: Filling,
): string {
  return filled(text, {
    ...{ name: somebody[language], room: someRoom[language], amount: '128.50', estate, callback },
  });
}

const somebody: Readonly<Record<Language, string>> = { 'zh-CN': '业主', en: 'the owner' };
const someRoom: Readonly<Record<Language, string>> = {
  'zh-CN': '某栋某单元某室',
  en: 'block A, flat 0000',
};

function filled(text: string, values: Readonly<Record<string, string>>): string {
  // A name from outside is no slot again: what is filled in is not looked at.
  return text.replaceAll(slotPattern, (_, slot: string) =>
    Object.hasOwn(values, slot) ? (values[slot] ?? '…') : '…',
  );
}
