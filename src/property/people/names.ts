import { pinyin } from 'pinyin-pro';

/** What people put between the parts of a name, and leave out when they look for it. */
const between = /[\s.·•‧・･∙⋅_'’-]+/gu;
const han = /\p{Script=Han}/u;

/** As the database's `search_name` has it: half-width, small, without blanks, dots and dashes. */
export function searchName(name: string): string {
  return name.normalize('NFKC').replaceAll(between, '').toLowerCase();
}

/** A name as it is kept: 王　伟, padded in a spreadsheet, is 王伟; Anna  Li is Anna Li. */
export function keptName(name: string): string {
  return name
    .normalize('NFKC')
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
}

/** `wangjianguo wjg`, for search; ü is written v, as it is typed. */
export function pinyinOf(name: string): string {
  const plain = name.normalize('NFKC').toLowerCase();
  const parts = plain.split(between).filter((part) => part !== '');
  const words = parts.every((part) => han.test(part)) ? [parts.join('')] : parts;
  const syllables = words.flatMap((word, at) =>
    han.test(word)
      ? pinyin(word, { toneType: 'none', type: 'array', surname: at === 0 ? 'head' : 'off' })
      : [word],
  );
  const spelt = syllables.map((one) => one.replaceAll('ü', 'v'));
  return `${spelt.join('')} ${spelt.map((one) => one.slice(0, 1)).join('')}`;
}

/** Spellings that a typed pinyin may stand for: lü is typed lv, lu, lyu or lü, and kept as lv. */
export function spellings(typed: string): string[] {
  const text = typed.replaceAll('ü', 'v').replaceAll(/([ln])yu/g, '$1v');
  const all = [text, text.replace(/([ln])u/, '$1v'), text.replaceAll(/([ln])u/g, '$1v')];
  return [...new Set(all)];
}
