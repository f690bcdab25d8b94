import { pinyin } from 'pinyin-pro';
import { sql, type Kysely } from 'kysely';

/**
 * Names as they are searched: without blanks, dots and dashes, in small half-width letters. Names that were
 * padded in spreadsheets lose their blanks, and their pinyin is made anew, as is one with ü, which nobody types.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE FUNCTION search_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT lower(regexp_replace(normalize(name, NFKC), '[[:space:].·•‧・･∙⋅_''’-]', '', 'g'))
    $$;
    UPDATE person SET name = regexp_replace(
        regexp_replace(trim(normalize(name, NFKC)), '([一-鿿])[[:space:]]+(?=[一-鿿])', '\\1', 'g'),
        '[[:space:]]+', ' ', 'g')
      WHERE name ~ '[[:space:]　]' AND trim(normalize(name, NFKC)) <> '';
    CREATE INDEX person_search_name ON person (search_name(name) text_pattern_ops);
    CREATE INDEX work_order_number_tail ON work_order (reverse(number) text_pattern_ops);
    CREATE INDEX room_number_tail ON room (reverse(number) text_pattern_ops);
  `.execute(db);
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id, name FROM person WHERE name !~ '^[一-鿿]+$' OR name_pinyin !~ '^[a-z]+ [a-z]+$'
  `.execute(db);
  for (const { id, name } of rows) {
    await sql`UPDATE person SET name_pinyin = ${pinyinOf(name)} WHERE id = ${id}`.execute(db);
  }
}

function pinyinOf(name: string): string {
  const parts = name
    .normalize('NFKC')
    .toLowerCase()
    .split(/[\s.·•‧・･∙⋅_'’-]+/u)
    .filter((part) => part !== '');
  const isHan = (part: string) => /\p{Script=Han}/u.test(part);
  const words = parts.every(isHan) ? [parts.join('')] : parts;
  const syllables = words.flatMap((word) =>
    isHan(word) ? pinyin(word, { toneType: 'none', type: 'array', surname: 'head' }) : [word],
  );
  const spelt = syllables.map((one) => one.replaceAll('ü', 'v'));
  return `${spelt.join('')} ${spelt.map((one) => one.slice(0, 1)).join('')}`;
}
