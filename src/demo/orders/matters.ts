import type { Matter } from './matter.types.ts';
import type { Chance } from '../chance.ts';
import { complaints, consultations, others, suggestions } from './matters-other.ts';
import { emergencies, repairs } from './matters-repair.ts';

const groups = { repairs, complaints, suggestions, consultations, others, emergencies };
export type MatterGroup = keyof typeof groups;

/** Out of a hundred callers who speak with an agent. */
const weights: Readonly<Record<MatterGroup, number>> = {
  repairs: 26,
  consultations: 55,
  complaints: 8,
  others: 8,
  suggestions: 3,
  emergencies: 0,
};

export function pickMatter(
  chance: Chance,
  month: number,
  group: MatterGroup = chance.weighted(weights),
): Matter {
  const fitting = groups[group].filter(
    ({ months }) => months === undefined || months.includes(month),
  );
  // What belongs to the season comes up twice as often.
  return chance.pick([...fitting, ...fitting.filter(({ months }) => months !== undefined)]);
}

const slots: Readonly<Record<string, readonly string[]>> = {
  place: ['厨房', '主卧', '次卧', '客厅', '阳台', '卫生间'],
  wet: ['厨房', '主卫', '客卫', '阳台'],
  since: ['今早', '昨晚', '前天', '三天前', '上周末', '昨天下午'],
  when: ['今天下午', '明天上午九点', '明天下午', '周六上午', '今晚七点以后', '后天上午'],
  day: ['周六', '周日', '下周一', '下周三', '本周五'],
  car: ['白色大众', '黑色别克', '灰色比亚迪', '银色丰田', '蓝色特斯拉'],
  plate: ['浙A·3K7D2', '浙A·F62Q8', '浙A·D9018', '浙AD·61735', '浙A·8M5T0'],
  floor: ['一楼', '三楼', '八楼', '十二楼', '十六楼', '地下一层'],
  times: ['两次', '三次', '多次'],
  minutes: ['十来分钟', '半个小时', '一个多小时'],
  rent: ['五千五', '六千', '六千五', '七千二'],
  sum: ['一千二百', '一千五百', '一千八百', '两千三百', '两千八百'],
};

/** What an agent adds to a repair when the caller says it. */
const additions = [
  '请先电话联系再上门。',
  '业主{when}在家。',
  '家有老人，请尽快安排。',
  '家里有小孩，请带鞋套。',
  '物业工作群也反映过。',
  '门口贴了电话，可直接拨打。',
  '业主上班，{when}方便。',
  '邻居可代为开门。',
  '希望换同款配件。',
  '上次维修后又出现。',
] as const;
const additionShare = 0.45;

/** A matter in the words of one call. */
export function worded(
  chance: Chance,
  matter: Matter,
  home: { label: string; building: string } | undefined,
): Matter {
  const isLonger = matter.kind === 'repair' && chance.is(additionShare);
  const summary = isLonger ? matter.summary + chance.pick(additions) : matter.summary;
  return {
    ...matter,
    summary: describe(chance, summary, home),
    fix: describe(chance, matter.fix, home),
  };
}

/** The words of a matter for one home: nobody writes the same sentence fifty times. */
export function describe(
  chance: Chance,
  text: string,
  home: { label: string; building: string } | undefined,
): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, slot: string) => {
    if (slot === 'unit') return home?.label.replace(/\d{1,5}$/, '') ?? '小区北门';
    if (slot === 'building') return home === undefined ? '小区' : `${home.building}栋`;
    return chance.pick(slots[slot] ?? ['']);
  });
}
