import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';

const root = path.join(import.meta.dirname, '../..');
const sources = readdirSync(path.join(root, 'src'), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(path.join(root, 'src', name), 'utf8'));

/** Codes that are put together while the program runs, and what they come to. */
const composed: Readonly<Record<string, readonly string[]>> = {
  '${what}.not_found': [],
  '${subject}.illegal_transition': [],
  '${string}': [],
  'staff.${string}': [],
  'session.${reason}': ['locked', 'wrong_credentials', 'code_required', 'wrong_code'].map(
    (reason) => `session.${reason}`,
  ),
  'idempotency.${reason}': ['bad_key', 'key_reused', 'in_progress'].map(
    (reason) => `idempotency.${reason}`,
  ),
};
const code = "'([a-z_]+\\.[a-z_0-9]+)'";

void t.test('every error code is documented, and none that does not exist', (t) => {
  const found = new Set<string>(['request.bad_json']);
  for (const source of sources) {
    // `code: …` up to the end of the value, which may choose between codes.
    for (const [, value = ''] of source.matchAll(
      /\bcode: ?([^;]*?)(?:,\n|;|\n *\}| \}|,\s+\w+:)/g,
    )) {
      for (const [, name = ''] of value.matchAll(new RegExp(code, 'g'))) found.add(name);
      for (const [, template = ''] of value.matchAll(/`([^`]*\.[^`]*)`/g)) {
        t.ok(template in composed, `${template} is listed in this test`);
        for (const name of composed[template] ?? []) found.add(name);
      }
    }
    const calls = new RegExp(`(?:Error|problem)\\(\\s*(?:\\d+,\\s*)?${code}`, 'g');
    for (const [, name = ''] of source.matchAll(calls)) found.add(name);
    for (const [, what = ''] of source.matchAll(/notFound\('([a-z_]+)'\)/g)) {
      found.add(`${what}.not_found`);
    }
    for (const [, subject = ''] of source.matchAll(/checkTransition\(\s*'([a-z_]+)'/g)) {
      found.add(`${subject}.illegal_transition`);
    }
  }
  t.ok(found.size > 60);
  t.same(documented('errors.md'), [...found].sort(), 'docs/errors.md lists the codes of src');
  t.end();
});

void t.test('every event is documented, and none that does not exist', (t) => {
  const source = readFileSync(path.join(root, 'src/events.ts'), 'utf8');
  const names = [...source.matchAll(/^ {2}'([a-zA-Z]+\.[a-zA-Z]+)':/gm)].map(([, name]) => name);
  t.ok(names.length > 5);
  t.same(documented('events.md'), names.sort(), 'docs/events.md lists the events of src/events.ts');
  t.end();
});

/** The first column of the tables of a page. */
function documented(page: string): string[] {
  const text = readFileSync(path.join(root, 'docs', page), 'utf8');
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name ?? '').sort();
}
