import type { Language } from '../../core/language.ts';

/** What a column of a list holds: something that we know, a slot of the script, or nothing that we use. */
export type Column =
  { is: 'number' | 'name' | 'language' | 'room' } | { is: 'slot'; name: string } | { is: 'other' };

const known: readonly (readonly [is: 'number' | 'name' | 'language' | 'room', head: RegExp])[] = [
  [
    'number',
    /^(?:.{0,8}(?:电话|手机|座机|固话)(?:号码|号)?|.{0,8}联系(?:方式|号码)|(?:移动|电话)?号码|(?:(?:tele|mobile|cell|home|work|contact)?phone|mobile|cell|tel|contact)(?:no|number)?|number)$/,
  ],
  [
    'name',
    /^(?:(?:业主|客户|住户|户主|租户|联系人|收件人|联系)?(?:姓名|名字|名称|称呼)|业主|客户|住户|户主|联系人|(?:full|owner|customer|contact)?name|owner|customer)$/,
  ],
  ['language', /^(?:语言|语种|language|lang)$/],
  [
    'room',
    /^(?:(?:楼栋|单元)?房号|房间号?|房屋(?:号|编号)?|房产|室号|门牌号?|房屋地址|room(?:no|number)?|house|unit)$/,
  ],
];

const slots: Readonly<Record<string, string>> = {
  金额: 'amount',
  欠费金额: 'amount',
  应缴金额: 'amount',
};

/** No cell that says something to us is longer. NFKC makes eighteen characters of one: cut before it. */
const longestCell = 200;

/** A head as somebody wrote it: `手机号码（必填）`, `Phone No.`, `联系电话 2`. */
export function columnOf(head: string): Column {
  const name = head.slice(0, longestCell).normalize('NFKC').trim();
  const bare = name
    .toLowerCase()
    .replaceAll(/[([【][^()[\]【】]*[)\]】]/g, '')
    .replaceAll(/[\s*:._#'"-]/g, '');
  const word = bare.replace(/(?<=.)[0-9一二三]$/, '');
  const found = known.find(([, pattern]) => pattern.test(word));
  if (found !== undefined) return { is: found[0] };
  const slot = Object.hasOwn(slots, bare) ? slots[bare] : undefined;
  if (slot !== undefined) return { is: 'slot', name: slot };
  return /^[a-z][A-Za-z0-9]{0,39}$/.test(name) ? { is: 'slot', name } : { is: 'other' };
}

const languages: Readonly<Record<string, Language>> = {
  ...Object.fromEntries(
    [
      '',
      'zh',
      'zhcn',
      'zhhans',
      'cn',
      'chn',
      'chinese',
      '中文',
      '汉语',
      '普通话',
      '国语',
      '华语',
    ].map((word) => [word, 'zh-CN' as const]),
  ),
  ...Object.fromEntries(
    ['en', 'eng', 'enus', 'engb', 'english', '英文', '英语'].map((word) => [word, 'en' as const]),
  ),
};

export function languageOf(cell: string): Language | undefined {
  const word = cell
    .slice(0, longestCell)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_.-]/g, '');
  return Object.hasOwn(languages, word) ? languages[word] : undefined;
}
