/** docs/glossary.md: one row a concept, and its forbidden texts on no page. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { messages } from '../support/texts.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/glossary.md'), 'utf8');

void t.test('every concept has one row with all its columns', (t) => {
  const [words = ''] = page.split('## Published names');
  const rows = words
    .split('\n')
    .filter((line) => /^\| (?!---|concept )/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  t.ok(rows.length > 70);
  for (const row of rows) {
    const [concept = ''] = row;
    t.equal(row.length, 6, concept);
    t.notOk(row.includes(''), concept);
  }
  const concepts = rows.map(([concept]) => concept);
  t.equal(new Set(concepts).size, concepts.length, 'no concept twice');
  t.end();
});

void t.test('no page says a text that the glossary forbids', (t) => {
  for (const language of ['zh-CN', 'en'] as const) {
    const row = new RegExp(`^\\| ${language} \\| (.*) \\|$`, 'm').exec(page)?.[1] ?? '';
    const forbidden = [...row.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    t.ok(forbidden.length > 5, language);
    const found = Object.entries(messages[language]).flatMap(([key, text]) =>
      forbidden.filter((one) => text.includes(one)).map((one) => `${key}: ${one}`),
    );
    t.same(found, [], language);
  }
  t.end();
});
