import { pinyin } from 'pinyin-pro';

/** `wangjianguo wjg`, for search. */
export function pinyinOf(name: string): string {
  const syllables = pinyin(name.toLowerCase(), {
    toneType: 'none',
    type: 'array',
    surname: 'head',
  });
  return `${syllables.join('')} ${syllables.map((one) => one.slice(0, 1)).join('')}`;
}
