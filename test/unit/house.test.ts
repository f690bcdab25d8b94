/** How the house is built: rules that a look at the sources can check. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
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

/** Over a limit today. Make a number smaller when you can; the test asks for its removal once the limit is kept. */
const crowded: Readonly<Record<string, number>> = {};
const long: Readonly<Record<string, number>> = {};

/** What is over the limit, or over what it may still have; and exceptions that are no longer needed. */
function broken(
  found: ReadonlyMap<string, number>,
  limit: number,
  exceptions: Readonly<Record<string, number>>,
): string[] {
  return [
    ...[...found].flatMap(([name, count]) =>
      count > (exceptions[name] ?? limit) ? [`${name} has ${count}`] : [],
    ),
    ...Object.keys(exceptions).flatMap((name) =>
      (found.get(name) ?? 0) > limit ? [] : [`${name} needs no exception any more`],
    ),
  ];
}

void t.test('a folder has at most twenty files', (t) => {
  const counts = new Map<string, number>();
  for (const { file } of [...sources('src'), ...sources('web/src')]) {
    const folder = path.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  t.same(broken(counts, 20, crowded), []);
  t.same(
    broken(
      new Map([
        ['a', 21],
        ['b', 20],
      ]),
      20,
      { b: 30 },
    ),
    ['a has 21', 'b needs no exception any more'],
  );
  t.end();
});

void t.test('a file has at most four hundred lines', (t) => {
  const lines = [...sources('src'), ...sources('web/src')].map(
    ({ file, text }) => [file, text.split('\n').length - 1] as const,
  );
  t.same(broken(new Map(lines), 400, long), []);
  t.end();
});

/** What is logged anywhere in a source: the texts of `log.<level>(…, 'text')`. */
function logged({ file, text }: Source): string[] {
  if (!/[lL]og\??\.(?:debug|info|warn|error|fatal)\(/.test(text)) return [];
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [, on = ''] =
        /([lL]og)\??\.(?:debug|info|warn|error|fatal)$/.exec(node.expression.getText()) ?? [];
      if (on !== '') for (const one of node.arguments) texts.push(...literals(one));
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return texts;
}

function literals(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) {
    return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  }
  return [];
}

void t.test('a log line names the thing first, so that it can be searched for', (t) => {
  const all = sources('src').flatMap(logged);
  t.ok(all.length > 200, `${all.length} are looked at`);
  const riddle = /^(?:an?|the|who|whoever|what|whatever|nobody|somebody|something) /i;
  t.same(
    all.filter((text) => riddle.test(text)),
    [],
  );
  t.end();
});

interface Shape {
  name: string;
  own: number;
  from: readonly string[];
}

/** What an interface takes from another: all of it, what `Pick` names, or what `Omit` leaves. */
function inherited({ expression, typeArguments }: ts.ExpressionWithTypeArguments) {
  const [from, names] = typeArguments ?? [];
  const base = expression.getText();
  const count = names === undefined ? 0 : ts.isUnionTypeNode(names) ? names.types.length : 1;
  if (base === 'Pick') return { own: count, from: [] };
  if (base === 'Omit') return { own: -count, from: [from?.getText() ?? ''] };
  return { own: 0, from: [base] };
}

/** Each source is parsed once for the rules that read declarations. */
function declarations({ file, text }: Source): { methods: [string, number][]; parts: Shape[] } {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const methods: [string, number][] = [];
  const parts: Shape[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node)) {
      methods.push([node.name?.text ?? '', node.members.filter(isPublicMethod).length]);
    } else if (ts.isInterfaceDeclaration(node)) {
      const bases = (node.heritageClauses ?? []).flatMap(({ types }) => types.map(inherited));
      const own = bases.reduce((sum, base) => sum + base.own, node.members.length);
      parts.push({ name: node.name.text, own, from: bases.flatMap(({ from }) => from) });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { methods, parts };
}

function isPublicMethod(member: ts.ClassElement): boolean {
  if (!ts.isMethodDeclaration(member) || ts.isPrivateIdentifier(member.name)) return false;
  const flags = ts.getCombinedModifierFlags(member);
  return (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0;
}

/** Over a limit today, as with `crowded`. */
const wideClasses: Readonly<Record<string, number>> = {};
const wideParts: Readonly<Record<string, number>> = {};

void t.test('a class has at most twelve public methods, a parts object eight members', (t) => {
  const all = sources('src').map(declarations);
  const shapes = new Map(all.flatMap(({ parts }) => parts).map((one) => [one.name, one]));
  const size = (name: string): number => {
    const one = shapes.get(name);
    return one === undefined ? 0 : one.own + one.from.reduce((sum, from) => sum + size(from), 0);
  };
  const parts = [...shapes.keys()].filter((name) => name.endsWith('Parts'));
  const widest = new Map<string, number>();
  for (const [name, count] of all.flatMap(({ methods }) => methods)) {
    widest.set(name, Math.max(count, widest.get(name) ?? 0));
  }
  t.same(broken(widest, 12, wideClasses), []);
  t.same(broken(new Map(parts.map((name) => [name, size(name)])), 8, wideParts), []);
  const example = declarations({
    file: 'x.ts',
    text: 'class A { b() {} #c() {} private d() {} get e() { return 1 } } interface FParts extends G, Pick<A, "x" | "y">, Omit<B, "z"> { h: 1; i: 2 }',
  });
  t.same(example.methods, [['A', 1]]);
  t.same(example.parts, [{ name: 'FParts', own: 3, from: ['G', 'B'] }]);
  t.end();
});

/** Members of every union or list of three or more texts, sorted, with where it stands. */
function unions({ file, text }: Source): [string, string][] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: [string, string][] = [];
  const textOf = (node: ts.Node): string | undefined => {
    if (ts.isStringLiteralLike(node)) return node.text;
    return ts.isLiteralTypeNode(node) ? textOf(node.literal) : undefined;
  };
  const visit = (node: ts.Node): void => {
    const members = ts.isUnionTypeNode(node)
      ? node.types
      : ts.isArrayLiteralExpression(node)
        ? node.elements
        : [];
    const texts = [...members].map(textOf).filter((one) => one !== undefined);
    const isWhole = ts.isUnionTypeNode(node) || texts.length === members.length;
    if (isWhole && new Set(texts).size >= 3) {
      const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
      found.push([[...new Set(texts)].sort().join(' | '), `${file}:${line}`]);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

void t.test('a union of the contract is written once, for database and web too', (t) => {
  const contract = sources('src/contract').flatMap(unions);
  t.ok(contract.length > 40, `${contract.length} are looked at`);
  const known = new Set(contract.map(([members]) => members));
  const twice = contract.filter(
    ([members], index) => contract.findIndex(([other]) => other === members) !== index,
  );
  const others = [...sources('src'), ...sources('web/src')]
    .filter(({ file }) => !file.startsWith('src/contract/'))
    .flatMap(unions)
    .filter(([members]) => known.has(members));
  t.same([...twice, ...others], []);
  const example = "type A = 'a' | 'b' | 'c'; const b = ['c', 'b', 'a']; const c = ['a', 'b', d];";
  t.same(
    unions({ file: 'x.ts', text: example }).map(([members]) => members),
    ['a | b | c', 'a | b | c'],
  );
  t.end();
});
