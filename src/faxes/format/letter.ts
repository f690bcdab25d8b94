import type { Language } from '../../core/language.ts';

export type LetterLine = { size?: 'title' | 'normal' | 'small' } & (
  | { kind: 'text'; text: string }
  /** Cells begin at the sum of the shares before them; the last one ends at the right edge. */
  | { kind: 'columns'; cells: readonly string[]; shares: readonly number[] }
  | { kind: 'rule' }
);

export interface Letter {
  lines: readonly LetterLine[];
  /** At the foot of each page, before its number. */
  footer: string;
}

export interface StatementFacts {
  language: Language;
  estate: string;
  room: string;
  /** `2026-11-26` */
  day: string;
  hotline: string;
  bills: readonly {
    kind: string;
    period: string;
    amountFen: number;
    paidFen: number;
    dueOn: string;
  }[];
}

const kinds: Readonly<Record<string, Record<Language, string>>> = {
  property: { 'zh-CN': '物业费', en: 'Property fee' },
  water: { 'zh-CN': '水费', en: 'Water' },
  electricity: { 'zh-CN': '电费', en: 'Electricity' },
  gas: { 'zh-CN': '燃气费', en: 'Gas' },
  telephone: { 'zh-CN': '电话费', en: 'Telephone' },
  parking: { 'zh-CN': '停车费', en: 'Parking' },
};

const words = {
  'zh-CN': {
    title: '账单通知',
    room: '房号',
    day: '开具日期',
    head: ['费用', '账期', '应缴日期', '未缴金额'],
    total: '合计',
    hotline: '如有疑问，请拨打服务热线',
    end: '。',
  },
  en: {
    title: 'Statement of bills',
    room: 'Room',
    day: 'Date',
    head: ['Fee', 'Period', 'Due', 'Owed'],
    total: 'Total',
    hotline: 'Questions? Please call the hotline',
    end: '.',
  },
} as const;

const shares = [0.3, 0.22, 0.26, 0.22];

/** What a fax of bills says. It goes to whatever machine the number belongs to, so it names no person. */
export function statement(facts: StatementFacts): Letter {
  const { language, estate, room, day, hotline, bills } = facts;
  const text = words[language];
  const colon = language === 'en' ? ': ' : '：';
  const owed = bills.map(({ amountFen, paidFen }) => Math.max(0, amountFen - paidFen));
  return {
    footer: estate,
    lines: [
      { kind: 'text', text: `${estate} ${text.title}`, size: 'title' },
      { kind: 'text', text: '' },
      { kind: 'text', text: `${text.room}${colon}${room}` },
      { kind: 'text', text: `${text.day}${colon}${day}` },
      { kind: 'rule' },
      { kind: 'columns', cells: text.head, shares },
      { kind: 'rule' },
      ...bills.map(({ kind, period, dueOn }, at): LetterLine => ({
        kind: 'columns',
        cells: [kinds[kind]?.[language] ?? kind, period, dueOn, money(owed[at] ?? 0)],
        shares,
      })),
      { kind: 'rule' },
      {
        kind: 'columns',
        cells: [text.total, money(owed.reduce((sum, one) => sum + one, 0))],
        shares: [0.78, 0.22],
      },
      { kind: 'text', text: '' },
      { kind: 'text', text: `${text.hotline} ${hotline}${text.end}` },
    ],
  };
}

export interface NoteFacts {
  language: Language;
  title: string;
  /** Paragraphs, each a line. */
  body: string;
  /** `2026-11-26` */
  day: string;
  footer: string;
}

/** A page of words, as a letter has them. */
export function note({ language, title, body, day, footer }: NoteFacts): Letter {
  const colon = language === 'en' ? ': ' : '：';
  return {
    footer,
    lines: [
      { kind: 'text', text: title, size: 'title' },
      { kind: 'text', text: '' },
      { kind: 'text', text: `${words[language].day}${colon}${day}`, size: 'small' },
      { kind: 'rule' },
      ...body
        .trimEnd()
        .split('\n')
        .map((text): LetterLine => ({ kind: 'text', text })),
    ],
  };
}

function money(fen: number): string {
  return `¥${(fen / 100).toFixed(2)}`;
}
