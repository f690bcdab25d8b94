import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import t from 'tap';
import { variables } from '../../src/config/config.ts';
import { sipVariables } from '../../src/config/sip.ts';
import { defaultSipLimits } from '../../src/switch/sip/transport/limits.ts';
import { Problem } from '../../web/src/api/client.ts';
import { problemText } from '../../web/src/shared/i18n/problem-text.ts';
import { isMeant } from '../support/wanted.ts';
import { isKey, messages, translateTo } from '../support/texts.ts';

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
  'idempotency.${reason}': ['bad_key', 'key_reused', 'in_progress', 'told_once'].map(
    (reason) => `idempotency.${reason}`,
  ),
};
const lists = ['skill', 'breakReason', 'wrapUpReason'];
const composedActs: Readonly<Record<string, readonly string[]>> = {
  'article.${to}': ['article.published', 'article.withdrawn'],
  'campaign.${act}': [
    ...(['created', 'changed', 'submitted', 'approved', 'sent_back', 'started'] as const),
    ...(['paused', 'resumed', 'stopped', 'cancelled'] as const),
  ].map((act) => `campaign.${act}`),
  'call.${mode}': ['listen', 'whisper', 'barge', 'take_over'].map((mode) => `call.${mode}`),
  '${list}.created': lists.map((list) => `${list}.created`),
  '${list}.changed': lists.map((list) => `${list}.changed`),
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
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const names = files
    .filter((name) => name === 'events.ts' || /^(\w+)\/\1\.events\.ts$/.test(name))
    .map((name) => readFileSync(path.join(root, 'src', name), 'utf8'))
    .flatMap((source) => [...source.matchAll(/^ {2}'([a-zA-Z]+\.[a-zA-Z]+)':/gm)])
    .map(([, name]) => name);
  t.ok(names.length > 20);
  t.same(documented('events.md'), names.sort(), 'docs/events.md lists the events of the wings');
  t.end();
});

/** They stop the program, or a part of it that no page asks: `problem.server` is their text. */
const faultsOfOurs =
  /^(config|port|postgres|jobs\.(bad|no_|timeout)|db\.migration|switch\.(config|not_)|tts\.(pack|model)|messages\.bad|demo|server)/;

void t.test('a refusal is told in the reader’s language, never by its code', (t) => {
  const codes = documented('errors.md').filter((code) => !faultsOfOurs.test(code));
  t.ok(codes.length > 60);
  t.same(
    codes.filter((code) => !isKey(`problem.${code}`)),
    [],
    'each has a text',
  );
  for (const language of ['zh-CN', 'en'] as const) {
    const say = translateTo(language);
    for (const code of [...documented('errors.md'), 'http.418', 'some.thing_new']) {
      for (const status of [409, 500]) {
        const text = problemText(say, new Problem(status, code, 'A sentence of the service.', {}));
        t.not(text, 'A sentence of the service.', code);
        t.notMatch(text, /[a-z]+\.[a-z]+_|some\.thing/, `no code: ${code}`);
        if (language === 'zh-CN') t.match(text, /[一-鿿]/, code);
      }
    }
    t.notMatch(problemText(say, new TypeError('x is undefined')), /undefined/);
  }
  t.end();
});

void t.test('every act of the audit has words', (t) => {
  const acts = new Set<string>();
  for (const source of sources) {
    if (!source.includes('audit(')) continue;
    for (const [, value = ''] of source.matchAll(/\bact(?::| =) ?([^,;]*)/g)) {
      for (const [, act = ''] of value.matchAll(/'([a-z_]+\.[A-Za-z_]+)'/g)) acts.add(act);
      for (const [, template = ''] of value.matchAll(/`([^`]*)`/g)) {
        t.ok(template in composedActs, `${template} is listed in this test`);
        for (const act of composedActs[template] ?? []) acts.add(act);
      }
    }
  }
  t.ok(acts.size > 40);
  t.same(
    [...acts].filter((act) => !isKey(`act.${act}`)),
    [],
  );
  t.ok(messages.en['act.other']);
  t.end();
});

/** Defaults that the page says in words, since they come from elsewhere. */
const inWords = new Set([
  ...['SIP_WS_URL', 'PAYMENT_URL', 'DATABASE_URL', 'SECRETS_KEY', 'SWITCH_DIRECTORY_SECRET'],
]);

void t.test('every setting is documented with its default, and none that does not exist', (t) => {
  const text = readFileSync(path.join(root, 'docs/settings.md'), 'utf8');
  const found: string[] = [];
  for (const [, names = '', defaults = ''] of text.matchAll(/^\| (`[A-Z][^|]*) \|([^|]*)\|/gm)) {
    const own = names.match(/(?<=`)[^` ]+(?=`)/g) ?? [];
    // `TTS_HTTP_URL` `…_KEY`: the beginning is that of the first.
    const [first = ''] = own;
    const whole = own.map((name) =>
      name.replace('…', first.slice(0, Math.max(0, first.lastIndexOf('_')))),
    );
    found.push(...whole);
    const told = defaults.match(/(?<=`)[^`]*(?=`)/g)?.filter((one) => !/^[ ,]*$/.test(one)) ?? [];
    const actual = whole
      .filter((name) => !inWords.has(name))
      .map((name): string => variables[name as keyof typeof variables])
      .filter((value) => value !== '' && told.length > 0);
    if (!whole.some((name) => inWords.has(name))) {
      for (const value of told) t.ok(actual.includes(value), `${names}: ${value} is a default`);
    }
    for (const name of whole) {
      const value: string | undefined = variables[name as keyof typeof variables];
      if (value && told.length > 0) t.ok(told.includes(value), `${name} is ${value} by default`);
    }
  }
  t.same(found.toSorted(), Object.keys(variables).toSorted());
  t.end();
});

void t.test('the switch has the limits that the settings have by default', (t) => {
  const byName: Readonly<Record<string, number>> = defaultSipLimits;
  for (const [limit, value] of Object.entries(byName)) {
    const name = `SIP_${limit.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    t.equal(Number(sipVariables[name as keyof typeof sipVariables]), value, name);
  }
  t.end();
});

void t.test('what a shell completes names a test file', (t) => {
  const file = 'unit/rtp.test.ts';
  for (const wish of [
    'unit',
    'unit/',
    'test/unit',
    'unit/rtp',
    './test/unit/rtp.test.ts',
    'test/unit/rtp.test.ts',
    'unit/rtp.test.ts',
  ]) {
    t.ok(isMeant(file, wish), wish);
  }
  for (const wish of ['rtp', 'unit/rt', 'test', '', 'call', 'unit/rtp/']) {
    t.equal(isMeant(file, wish), wish === 'unit/rtp/', wish);
  }
  t.end();
});

/** The first column of the tables of a page. */
function documented(page: string): string[] {
  const text = readFileSync(path.join(root, 'docs', page), 'utf8');
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name ?? '').sort();
}

void t.test('ARCHITECTURE shows who may import whom as it is checked', (t) => {
  const load = createRequire(import.meta.url);
  const { forbidden } = load(path.join(root, '.dependency-cruiser.cjs')) as {
    forbidden: readonly { name: string; comment?: string }[];
  };
  const checked = forbidden.flatMap(({ name, comment = '' }) => {
    const [, folder] = /^([a-z]+)-imports$/.exec(name) ?? [];
    const [, allowed] = /^[a-z]+ may import only: itself(?:, )?(.*)$/.exec(comment) ?? [];
    return folder === undefined || allowed === undefined ? [] : [[folder, words(allowed)] as const];
  });
  const text = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
  const [, table = ''] = /\| folder +\| may import[^\n]*\n((?:\|[^\n]*\n)+)/.exec(text) ?? [];
  const shown = [...table.matchAll(/^\| ([a-z, ]+?) +\| ([a-z, ]+?) +\|$/gm)].flatMap(
    ([, folders = '', allowed = '']) =>
      words(folders).map(
        (folder) => [folder, allowed === 'nothing' ? [] : words(allowed)] as const,
      ),
  );
  t.ok(checked.length > 10);
  t.same(Object.fromEntries(shown), Object.fromEntries(checked));
  t.end();
});

function words(list: string): string[] {
  return list
    .split(', ')
    .filter((one) => one !== '')
    .sort();
}

/** Files and folders of the repository that git knows, or would. */
function everyPath(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !['node_modules', 'dist', 'build', 'data'].includes(name))
    .flatMap((one) => {
      const where = path.posix.join(folder, one.name);
      return one.isDirectory() && one.name !== '.git' ? [where, ...everyPath(where)] : [where];
    });
}

void t.test('what ARCHITECTURE and CONTRIBUTING name is there', (t) => {
  const known = everyPath().map((one) => `/${one}`);
  for (const page of ['ARCHITECTURE.md', 'CONTRIBUTING.md']) {
    const text = readFileSync(path.join(root, page), 'utf8');
    const named = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*|[\w.-]+\.(?:tsx?|cjs|md))`/g)]
      .map(([, one = '']) => one.replace(/\/$/, ''))
      .filter((one) => one !== 'web/dist');
    t.ok(named.length > 40, page);
    const missing = named.filter((one) => !known.some((path) => path.endsWith(`/${one}`)));
    t.same(missing, [], page);
  }
  t.end();
});

void t.test('docs/README.md leads to every page', (t) => {
  const index = readFileSync(path.join(root, 'docs/README.md'), 'utf8');
  const pages = readdirSync(path.join(root, 'docs'), { recursive: true })
    .map((name) => String(name).replaceAll(path.sep, '/'))
    .filter((name) => name.endsWith('.md') && name !== 'README.md');
  for (const page of pages) t.ok(index.includes(`(${page})`), page);
  t.end();
});
