/**
 * Words of an application's argument: separated by blanks, kept together by single quotes, a
 * backslash takes the next character as it is.
 */
export function splitArguments(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let isQuoted = false;
  let hasWord = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '\\' && !isQuoted && [' ', "'", '\\'].includes(text[at + 1] ?? '')) {
      word += text[at + 1] ?? '';
      at += 1;
      hasWord = true;
    } else if (char === "'") {
      isQuoted = !isQuoted;
      hasWord = true;
    } else if (char === ' ' && !isQuoted) {
      if (hasWord) words.push(word);
      word = '';
      hasWord = false;
    } else {
      word += char;
      hasWord = true;
    }
  }
  if (hasWord) words.push(word);
  return words;
}

/** `${name}` → the channel's variable, else the switch's; unknown ones become empty. */
export function expand(
  text: string,
  variables: ReadonlyMap<string, string>,
  globals: ReadonlyMap<string, string> = new Map(),
): string {
  return text.replaceAll(
    /\$\{([^{}]+)\}/g,
    (_, name: string) => variables.get(name) ?? globals.get(name) ?? '',
  );
}

const yes = ['true', 'yes', 'on', '1', 't', 'enabled', 'active', 'allow'];

/** As FreeSWITCH reads what is switched on or off. */
export function isTrue(text: string | undefined): boolean {
  return yes.includes((text ?? '').toLowerCase());
}
