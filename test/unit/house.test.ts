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
