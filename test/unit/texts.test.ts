/** Texts stand beside their scene: every page brings all that it may say, and nobody says what nothing brings. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { root } from '../../src/core/program.ts';
import { need, speak, textFor } from '../../web/src/shared/i18n/loaded.ts';
import { part } from '../../web/src/shared/i18n/part.ts';
import { isKey, messages, partFiles, textsOf } from '../support/texts.ts';

const web = path.join(root, 'web/src');
const read = (file: string): string => readFileSync(file, 'utf8');
const imported = /(?:from|import|import\()\s*'(\.[^']+\.tsx?)'/g;

/** A file and all that it imports, sooner or later. */
function withImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !file.startsWith(web) || !existsSync(file)) return seen;
  seen.add(file);
  for (const [, to = ''] of read(file).matchAll(imported)) {
    withImports(path.resolve(path.dirname(file), to), seen);
  }
  return seen;
}

const allKeys = Object.keys(messages['zh-CN']);

/** Keys that a source says: written out, or put together behind a beginning. */
function keysIn(source: string): string[] {
  const written = [...source.matchAll(/'([a-zA-Z]+(?:\.[\w-]+)+)'/g)].map(([, key = '']) => key);
  const begun = [
    ...[...source.matchAll(/`([a-zA-Z]+(?:\.\w+)*\.)\$\{/g)].map(([, start = '']) => start),
    ...[...source.matchAll(/(?:textOf|known|coded)\(\s*(?:t,\s*)?'([a-zA-Z.]+)'/g)].map(
      ([, name = '']) => `${name}.`,
    ),
  ];
  return [
    ...written.filter(isKey),
    ...allKeys.filter((key) => begun.some((start) => key.startsWith(start))),
  ];
}

const router = read(path.join(web, 'router.tsx'));
const fileOf = new Map(
  [...router.matchAll(/import \{ (\w+Texts) \} from '\.\/([^']+texts\.ts)'/g)].map(
    ([, name = '', file = '']) => [name, file],
  ),
);
const pages = [
  ...router.matchAll(/page\(\s*\(\) =>\s*import\('\.\/([^']+)'\),\s*'(\w+)',([^)]*)\)/g),
].map(([, file = '', name = '', texts = '']) => ({
  file,
  name,
  parts: texts.split(',').flatMap((one) => fileOf.get(one.trim()) ?? []),
}));

void t.test('every page is fetched with the texts that it may say', async (t) => {
  t.ok(pages.length > 15, 'the router is read');
  for (const { file, name, parts } of pages) {
    const isInside = name !== 'LoginPage' && name !== 'DemoPhonePage';
    const here = ['shared/i18n/texts.ts', ...(isInside ? ['staff/texts/texts.ts'] : []), ...parts];
    const known = new Set<string>();
    for (const one of here) for (const key of Object.keys(await textsOf(one, 'en'))) known.add(key);
    for (const source of withImports(path.join(web, file))) {
      const missing = keysIn(read(source)).filter(
        // What may go wrong behind the log-in goes wrong there.
        (key) => !known.has(key) && (isInside || !key.startsWith('problem.')),
      );
      t.strictSame([...new Set(missing)], [], `${name}: ${path.relative(web, source)}`);
    }
  }
  t.end();
});

void t.test('no text is there that no page says', (t) => {
  const sources = readdirSync(web, { recursive: true })
    .map((name) => path.join(web, String(name)))
    .filter((name) => /\.tsx?$/.test(name) && !/\.(zh-CN|en)\.ts$/.test(name));
  const said = new Set(sources.flatMap((file) => keysIn(read(file))));
  // Put together from codes of the service in more than one step.
  const coded =
    /^(problem|act|target|event|result|how|cause|detailPresence|changeState|node|conversation|supervise|language)\./;
  t.strictSame(
    allKeys.filter((key) => !said.has(key) && !coded.test(key)),
    [],
  );
  t.end();
});

void t.test('no table of texts is longer than 400 lines', (t) => {
  for (const file of partFiles) {
    const folder = path.join(web, path.dirname(file));
    for (const name of readdirSync(folder).filter((one) => /\.(zh-CN|en)\.ts$/.test(one))) {
      t.ok(read(path.join(folder, name)).split('\n').length <= 400, `${file}: ${name}`);
    }
  }
  t.end();
});

void t.test('one language is fetched, the other when somebody chooses it', async (t) => {
  const fetched: string[] = [];
  const words = (name: string) =>
    part(name, {
      'zh-CN': () => {
        fetched.push(`${name} zh-CN`);
        return Promise.resolve({ texts: { [`${name}.title`]: '标题' } });
      },
      en: () => {
        fetched.push(`${name} en`);
        return fetched.length === 2
          ? Promise.reject(new Error('the network is away'))
          : Promise.resolve({ texts: { [`${name}.title`]: 'Title' } });
      },
    });
  const [first, second] = [words('first'), words('second')];
  await need([first]);
  await need([first]);
  t.strictSame(fetched, ['first zh-CN']);
  await t.rejects(speak('en'));
  await speak('zh-CN');
  t.equal(textFor('zh-CN', 'first.title'), '标题', 'what was there stays');
  const speaking = speak('en');
  const more = need([second]);
  await Promise.all([speaking, more]);
  t.equal(textFor('en', 'first.title'), 'Title', 'a failed fetch is tried again');
  t.equal(textFor('en', 'second.title'), 'Title', 'a page that opens meanwhile speaks it, too');
  t.notOk(fetched.includes('second zh-CN'));
  t.equal(textFor('en', 'constructor'), undefined);
  await speak('zh-CN');
  t.equal(textFor('zh-CN', 'second.title'), '标题');
  t.end();
});
