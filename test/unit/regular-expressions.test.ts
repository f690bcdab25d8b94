import t from 'tap';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { costOf } from '../support/regexp-cost.ts';

const root = path.join(import.meta.dirname, '../..');

/** Expressions that are more than linear by themselves, and why no peer can make use of it. */
const bounded: Readonly<Record<string, string>> = {
  'src/organisation/accounts/passwords.ts: /^(.{1,5})\\1+.{0,4}$/u':
    'the piece that is looked for again has one to five characters, and a password has a greatest length',
  'src/core/pattern.ts: RegExp(source)': 'each of its callers is judged here',
  'src/switch/channel/applications/playing.ts: RegExp(pattern)':
    'a pattern of the service for the keys of one answer, of which there are at most 128',
  "src/switch/esl/subscription.ts: RegExp(pattern[1] ?? '')":
    'a filter that a client with the password of the event socket set for itself',
  'src/tts/reading/prose.ts: RegExp(`(\\\\d{5,15})${counted}`)':
    'counted repetitions and words of the code, nothing that a loop could be made of',
  'src/tts/reading/prose.ts: RegExp(`(?<![\\\\d.第])2(?=[${measures}]|小时|分钟)`)':
    'no loop, and words of the code',
};

void t.test('given expressions of known cost, then the analyser tells them apart', (t) => {
  const steep = [
    '\\s*(.*)\\s*$',
    '\\s+$',
    '^\\s*(.*)\\s*$',
    '(a+)+$',
    '(a|a)*$',
    '(a|b|ab)*c',
    '^(\\w+\\s?)*$',
    'a+b',
    '\\s*,\\s*',
    '^a*a*b',
    '"([^"\\\\]|\\\\.)*"',
    '<[^>]+>',
    '\\$\\{([^}]+)\\}',
    '^(.*),(.*),(.*)$',
    '(?=.*x)y',
    '^(a*)*b',
    '^(a?b?)*c',
    '(\\w+) \\1',
    '-*$',
    '^\\d+\\d+x',
    '/\\*.*?\\*/',
    'x{2,}y',
  ];
  for (const one of steep) t.ok(costOf(one, ''), one);
  const fine = [
    '^\\s+',
    '\\s+',
    '^\\d{1,9}$',
    '^[a-z]+$',
    '^(?:\\d+,)*\\d+$',
    '[\\r\\n\\0]+',
    '\\\\(.)',
    '^\\^\\^(.)',
    '^([^:]*):(.*)$',
    '^SIP/\\d',
    '\\d{1,3}(?:\\.\\d{1,3}){3}',
    'a',
    '^',
    '$',
    '^[^@]*@[^@]*$',
    '\\bx\\d*',
    '^"[^"]*"$',
    '^\\s*\\d{1,9}\\s*$',
    '(?<=x)y',
    'x?y?z?$',
  ];
  for (const one of fine) t.equal(costOf(one, ''), undefined, one);
  t.equal(costOf('\\s+$', 'y'), undefined, 'tried at one place only');
  t.end();
});

void t.test('no regular expression of ours is more than linear in the text that it reads', (t) => {
  const unused = new Set(Object.keys(bounded));
  const all = expressionsIn(path.join(root, 'src'));
  t.ok(all.length > 300, `${all.length} are looked at`);
  for (const { where, source, flags, made } of all) {
    const reason = source === undefined ? 'made of other texts' : costOf(source, flags);
    const key = `${where}: ${source === undefined ? `RegExp(${made})` : `/${source}/${flags}`}`;
    if (reason !== undefined && !(key in bounded)) t.fail(`${key} is ${reason}`);
    if (reason !== undefined) unused.delete(key);
  }
  t.same([...unused], [], 'no exception is out of date');
  t.end();
});

interface Expression {
  where: string;
  /** Undefined when it is made of other texts than stand there. */
  source: string | undefined;
  flags: string;
  /** What it is made of. */
  made: string;
}

function expressionsIn(folder: string): Expression[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8');
      // Parsing is what takes the time.
      if (!/\/[^/*\n]/.test(text) && !/RegExp\(|compilePattern\(/.test(text)) return [];
      const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
      const found: Expression[] = [];
      const visit = (node: ts.Node): void => {
        const literal = literalOf(node, file);
        if (literal !== undefined) found.push({ where: `src/${name}`, ...literal });
        ts.forEachChild(node, visit);
      };
      visit(file);
      return found;
    });
}

/** A literal, or one that is made at run time. */
function literalOf(node: ts.Node, file: ts.SourceFile): Omit<Expression, 'where'> | undefined {
  if (ts.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf('/');
    return { source: node.text.slice(1, end), flags: node.text.slice(end + 1), made: '' };
  }
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return undefined;
  const [source, flags] = node.arguments ?? [];
  const makes = ['RegExp', 'compilePattern'].includes(node.expression.getText(file));
  if (!makes || source === undefined) return undefined;
  return {
    source: ts.isStringLiteralLike(source) ? source.text : undefined,
    flags: flags !== undefined && ts.isStringLiteralLike(flags) ? flags.text : '',
    made: source.getText(file),
  };
}
