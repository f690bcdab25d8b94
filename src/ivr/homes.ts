import type { Home } from '../property/index.ts';
import type { HomeVar } from '../content/index.ts';

/** What is said of a home, from the least to everything; the first by which all of them differ is taken. */
const sayings: readonly ((label: string) => string | undefined)[] = [
  (label) => /^\d+[栋幢座号]/.exec(label)?.[0],
  (label) => /^\d+[栋幢座号]\d+单元/.exec(label)?.[0],
  (label) => label,
];

/** A caller's homes as a flow holds them: told apart with no more words than that takes. */
export function tellApart(homes: readonly Home[]): HomeVar[] {
  const vars = homes.map(({ roomId, personId, personIds, roomLabel, estateName }): HomeVar => ({
    ...{ roomId, personId, label: roomLabel.slice(-2), estate: estateName },
    ...(personIds.length > 1 ? { personIds } : {}),
  }));
  if (differ(vars.map((one) => `${one.estate['zh-CN']} ${one.label}`))) return vars;
  for (const saying of sayings) {
    const said = homes.map((home) => saying(home.roomLabel));
    if (!differ(homes.map((home, at) => `${home.estateName['zh-CN']} ${said[at] ?? ''}`))) continue;
    return vars.map((one, at) => ({ ...one, room: said[at] ?? '' }));
  }
  return vars.map((one, at) => ({ ...one, room: homes[at]?.roomLabel ?? '' }));
}

function differ(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}
