/** docs/coverage.md: one row a requirement, and nothing named that is not there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/coverage.md'), 'utf8');

/** How many requirements each part has. */
const parts = {
  A: 5,
  B: 5,
  C: 11,
  D: 4,
  E: 3,
  F: 3,
  G: 5,
  H: 6,
  I: 3,
  J: 2,
  K: 3,
  L: 2,
  M: 7,
  N: 5,
  O: 4,
};
const ids = Object.entries(parts).flatMap(([part, count]) =>
  Array.from({ length: count }, (_, at) => `${part}${at + 1}`),
);

const rows = page
  .split('\n')
  .filter((line) => /^\| [A-Z]\d+ \|/.test(line))
  .map((line) => {
    const [id = '', what = '', state = '', missing = '', code = '', tests = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return { id, what, state, missing, code, tests };
  });

void t.test('every requirement has one row, in their order, and a state', (t) => {
  t.same(
    rows.map(({ id }) => id),
    ids,
  );
  for (const { id, what, state, missing, code, tests } of rows) {
    t.ok(what, `${id} has a name`);
    t.match(state, /^(YES|PART|NO)$/, id);
    if (state === 'YES') t.equal(missing, '', `${id} lacks nothing`);
    if (state === 'PART') t.ok(missing, `${id} says what is missing`);
    if (state !== 'NO') t.ok(code && tests, `${id} names code and tests`);
  }
  const count = (state: string) => rows.filter((row) => row.state === state).length;
  t.match(page, `${count('YES')} rows YES, ${count('PART')} PART, ${count('NO')} NO.`);
  t.end();
});

void t.test('code and tests that are named exist', (t) => {
  const named = [
    ...page.matchAll(/`((?:src|web|test|scripts|bench|docs|freeswitch-conf)(?:\/[^`]*)?)`/g),
  ];
  t.ok(named.length > 100);
  t.same(
    named.map(([, name = '']) => name).filter((name) => !existsSync(path.join(root, name))),
    [],
  );
  t.end();
});
