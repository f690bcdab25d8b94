import { sql } from 'kysely';
import type { Db } from '../db/index.ts';

/** `name` is what people know it by: a name, a number, a number and a day. */
export interface AuditTarget {
  kind: string;
  name: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What subjects that are ids are called, by id; others and what is gone are missing. */
export async function targetsOf(
  db: Db,
  subjects: readonly string[],
): Promise<Map<string, AuditTarget>> {
  const ids = [...new Set(subjects)].filter((one) => uuid.test(one));
  const flows = [...new Set(subjects)].filter((one) => !uuid.test(one));
  if (ids.length + flows.length === 0) return new Map();
  const { rows } = await sql<{ id: string } & AuditTarget>`
    WITH asked AS (SELECT unnest(${ids}::uuid[]) AS id)
    SELECT s.id::text, 'staff' AS kind, s.display_name AS name FROM staff s JOIN asked USING (id)
    UNION ALL SELECT p.id::text, 'person', p.name FROM person p JOIN asked USING (id)
    UNION ALL SELECT c.id::text, 'campaign', c.name FROM campaign c JOIN asked USING (id)
    UNION ALL SELECT k.id::text, 'contact', k.name FROM campaign_contact k JOIN asked USING (id)
    UNION ALL SELECT q.id::text, 'queue', q.settings->'name'->>'zh-CN' FROM queue q JOIN asked USING (id)
    UNION ALL SELECT a.id::text, 'article', a.title FROM article a JOIN asked USING (id)
    UNION ALL SELECT c.id::text, 'call', c.caller_number FROM call c JOIN asked USING (id)
    UNION ALL SELECT r.id::text, 'recording', c.caller_number FROM recording r JOIN asked USING (id)
      JOIN call c ON c.id = r.call_id
    UNION ALL SELECT f.id::text, 'fax', f.number FROM fax f JOIN asked USING (id)
    UNION ALL SELECT f.id::text, 'fax', f.number FROM fax_sending f JOIN asked USING (id)
    UNION ALL SELECT b.id::text, 'bill', b.period FROM bill b JOIN asked USING (id)
    UNION ALL SELECT w.id, 'flow', w.name FROM flow w WHERE w.id = ANY(${flows}::text[])`.execute(
    db,
  );
  return new Map(rows.map(({ id, kind, name }) => [id, { kind, name }]));
}
