/** How the house is built: rules that a look at the sources can check. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';

const root = path.join(import.meta.dirname, '../..');

interface Source {
  file: string;
  text: string;
}

function sources(folder: string): Source[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join(folder, name))
    .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
}

/** `file:line` of everything that matches. */
function found({ file, text }: Source, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(
    ({ index }) => `${file}:${text.slice(0, index).split('\n').length}`,
  );
}

void t.test('no failure is swallowed: `ignore` says why it may be, and logs it', (t) => {
  const silent =
    /\bcatch \{|\.catch\(\(\) => (?:undefined|null|true|false|void 0|\{\s*\}|''|'\w*'|\[\])/g;
  t.same(
    sources('src').flatMap((source) => found(source, silent)),
    [],
  );
  t.same(found({ file: 'x', text: 'try {\n} catch {}\np.catch(() => undefined)' }, silent), [
    'x:2',
    'x:3',
  ]);
  t.end();
});

void t.test('the changelog is grouped by wing', (t) => {
  const wings =
    'switch cti organisation property workorders content messaging lookup agents ivr outbound faxes reporting quality gateway portal office customers api web operation';
  const order = wings.split(' ');
  const text = readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
  for (const release of text.split(/^## /m).slice(1)) {
    const [title = '', ...rest] = release.split('\n');
    const heads = rest.filter((line) => line.startsWith('### ')).map((line) => line.slice(4));
    const found = heads.map((head) => order.indexOf(head.split(':')[0] ?? ''));
    t.notOk(found.includes(-1), `${title}: each head begins with a wing: ${heads.join('; ')}`);
    t.same(
      found,
      [...found].sort((a, b) => a - b),
      `${title}: in the order of the house`,
    );
    const beforeHeads = release.split('### ')[0] ?? '';
    t.notMatch(beforeHeads, /^- /m, `${title}: nothing outside a wing`);
  }
  t.end();
});
