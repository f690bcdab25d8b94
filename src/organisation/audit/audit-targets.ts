import { sql } from 'kysely';
import type { Db } from '../../db/index.ts';

/** What an act was done to, as people know it. */
export interface AuditTarget {
  kind: string;
  /** A name, a number, a number and a day; of an alarm its kind, which the page words. */
  name: string;
  /** Where the thing has a name in English, too. */
  nameEn: string | null;
  /** What the page of it is found by: its own id, or that of the call, person or campaign that it belongs to. */
  pageId: string | null;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const codeLists = { skill: 'skill', breakReason: 'break_reason', wrapUpReason: 'wrap_up_reason' };

interface Entry {
  act: string;
  subject: string;
}

export const keyOf = ({ act, subject }: Entry): string => `${act.split('.')[0] ?? ''}/${subject}`;

/** Targets by `keyOf` their entries; what is gone is missing. */
export async function targetsOf(
  db: Db,
  entries: readonly Entry[],
): Promise<Map<string, AuditTarget>> {
  const byId = await namedById(db, [...new Set(entries.map(({ subject }) => subject))]);
  const codes = await namedCodes(db, entries);
  const found = new Map<string, AuditTarget>();
  for (const entry of entries) {
    const target = ownName(entry) ?? codes.get(keyOf(entry)) ?? byId.get(entry.subject);
    if (target !== undefined) found.set(keyOf(entry), target);
  }
  return found;
}

/** Subjects that are what people call the thing. */
function ownName({ act, subject }: Entry): AuditTarget | undefined {
  const facts = { name: subject, nameEn: null, pageId: subject };
  if (act.startsWith('work_order.')) return { kind: 'order', ...facts };
  if (act.startsWith('hotline.')) return { kind: 'hotline', ...facts };
  if (act === 'do_not_call.imported') return { kind: 'doNotCallList', ...facts, name: '' };
  return undefined;
}

async function namedCodes(
  db: Db,
  entries: readonly Entry[],
): Promise<ReadonlyMap<string, AuditTarget>> {
  const found = new Map<string, AuditTarget>();
  for (const [list, table] of Object.entries(codeLists)) {
    const codes = entries.filter(({ act }) => act.startsWith(`${list}.`));
    if (codes.length === 0) continue;
    const { rows } = await sql<{ code: string; name: string; nameEn: string | null }>`
      SELECT code, name->>'zh-CN' AS name, name->>'en' AS "nameEn" FROM ${sql.table(table)}
      WHERE code = ANY(${codes.map(({ subject }) => subject)}::text[])`.execute(db);
    for (const { code, ...names } of rows) {
      found.set(`${list}/${code}`, { kind: list, ...names, pageId: null });
    }
  }
  return found;
}

async function namedById(
  db: Db,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, AuditTarget>> {
  const ids = subjects.filter((one) => uuid.test(one));
  const flows = subjects.filter((one) => !uuid.test(one));
  if (subjects.length === 0) return new Map();
  const { rows } = await sql<{ id: string } & AuditTarget>`
    WITH asked AS (SELECT unnest(${ids}::uuid[]) AS id)
    SELECT s.id::text, 'staff' AS kind, s.display_name AS name, NULL AS "nameEn", NULL AS "pageId"
      FROM staff s JOIN asked USING (id)
    UNION ALL SELECT p.id::text, 'person', p.name, NULL, p.id::text FROM person p JOIN asked USING (id)
    UNION ALL SELECT c.id::text, 'campaign', c.name, NULL, c.id::text
      FROM campaign c JOIN asked USING (id)
    UNION ALL SELECT l.id::text, 'campaignList', l.name, NULL, NULL
      FROM campaign_list l JOIN asked USING (id)
    UNION ALL SELECT k.id::text, 'contact', k.name, NULL, k.campaign_id::text
      FROM campaign_contact k JOIN asked USING (id)
    UNION ALL SELECT q.id::text, 'queue', q.settings->'name'->>'zh-CN', q.settings->'name'->>'en', NULL
      FROM queue q JOIN asked USING (id)
    UNION ALL SELECT a.id::text, 'article', a.title, nullif(a.title_en, ''), NULL
      FROM article a JOIN asked USING (id)
    UNION ALL SELECT c.id::text, 'call', c.caller_number, NULL, c.id::text
      FROM call c JOIN asked USING (id)
    UNION ALL SELECT r.id::text, 'recording', c.caller_number, NULL, c.id::text
      FROM recording r JOIN asked USING (id) JOIN call c ON c.id = r.call_id
    UNION ALL SELECT a.id::text, 'alarm', a.kind, NULL, a.call_id::text FROM alarm a JOIN asked USING (id)
    UNION ALL SELECT d.id::text, 'doNotCall', coalesce(d.number, who.name, ''), NULL, NULL
      FROM do_not_call d JOIN asked USING (id) LEFT JOIN person who ON who.id = d.person_id
    UNION ALL SELECT f.id::text, 'fax', f.number, NULL, NULL FROM fax f JOIN asked USING (id)
    UNION ALL SELECT f.id::text, 'fax', f.number, NULL, NULL FROM fax_sending f JOIN asked USING (id)
    UNION ALL SELECT b.id::text, 'bill', b.period, NULL, NULL FROM bill b JOIN asked USING (id)
    UNION ALL SELECT w.id, 'flow', w.name, NULL, NULL FROM flow w WHERE w.id = ANY(${flows}::text[])
  `.execute(db);
  return new Map(rows.map(({ id, ...target }) => [id, target]));
}
