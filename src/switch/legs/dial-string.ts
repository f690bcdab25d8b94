/** One way to reach someone, with the variables that its leg starts with. */
export interface DialTarget {
  variables: ReadonlyMap<string, string>;
  /** `user/1001@domain`, `sofia/internal/…`, `sofia/gateway/<name>/<number>`, `error/<CAUSE>`. */
  endpoint: string;
}

/** Alternatives one after the other (`|`), each a group that rings together (`,`). */
export type DialPlan = readonly (readonly DialTarget[])[];

export class DialStringError extends Error {}

/** Reads `{global}[own]endpoint,endpoint|endpoint`; quotes and `\,` keep commas in values. */
export function parseDialString(text: string): DialPlan {
  const globals = new Map<string, string>();
  let rest = text.trim();
  while (rest.startsWith('{') || rest.startsWith('<')) {
    const block = takeBlock(rest, rest.startsWith('{') ? '}' : '>');
    for (const [name, value] of parseVariables(block.inner)) globals.set(name, value);
    rest = block.rest.trimStart();
  }
  if (rest === '') throw new DialStringError('the dial string names no endpoint');
  return splitOutside(rest, '|').map((group) =>
    splitOutside(group, ',').map((one) => parseTarget(one.trim(), globals)),
  );
}

/** `a=1,b='x,y',c=2` → map; `^^:` at the start chooses another separator. */
export function parseVariables(text: string): Map<string, string> {
  const other = /^\^\^(.)/.exec(text);
  const separator = other?.[1] ?? ',';
  const body = other === null ? text : text.slice(3);
  const found = new Map<string, string>();
  for (const pair of splitOutside(body, separator)) {
    const at = pair.indexOf('=');
    if (at > 0) found.set(pair.slice(0, at).trim(), unquote(pair.slice(at + 1)));
  }
  return found;
}

function parseTarget(text: string, globals: ReadonlyMap<string, string>): DialTarget {
  const variables = new Map(globals);
  let rest = text;
  while (rest.startsWith('[')) {
    const block = takeBlock(rest, ']');
    for (const [name, value] of parseVariables(block.inner)) variables.set(name, value);
    rest = block.rest.trimStart();
  }
  return { variables, endpoint: rest };
}

function takeBlock(text: string, close: string): { inner: string; rest: string } {
  let isQuoted = false;
  for (let at = 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === "'") isQuoted = !isQuoted;
    else if (char === close && !isQuoted) {
      return { inner: text.slice(1, at), rest: text.slice(at + 1) };
    }
  }
  throw new DialStringError(`the dial string has no closing ${close}`);
}

/** Splits at a character that is neither quoted, nor escaped, nor within brackets. */
export function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '\\' && at + 1 < text.length) {
      part += char + (text[at + 1] ?? '');
      at += 1;
      continue;
    }
    if (char === "'") isQuoted = !isQuoted;
    else if (!isQuoted && (char === '[' || char === '{')) depth += 1;
    else if (!isQuoted && (char === ']' || char === '}')) depth -= 1;
    if (char === separator && !isQuoted && depth <= 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  parts.push(part);
  return parts.filter((one) => one !== '');
}

function unquote(value: string): string {
  const text = value.trim();
  const inner =
    text.length > 1 && text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1) : text;
  return inner.replaceAll(/\\(.)/g, '$1');
}
