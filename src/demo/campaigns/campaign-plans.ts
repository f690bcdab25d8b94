import type { NewCampaign } from '../../contract/campaigns/campaigns.ts';
import { minuteMs, type Day } from '../calendar.ts';
import type { Chance } from '../chance.ts';
import type { Graph, GraphHome } from '../graph.ts';

/** What people do who pick up, out of a hundred. */
export type Answers = Readonly<Partial<Record<Answer, number>>>;
export type Answer =
  | 'confirmed'
  | 'promised'
  | 'disputed'
  | 'answered_survey'
  | 'unconfirmed'
  | 'hung_up_early'
  | 'wrong_person'
  | 'stopped_calling'
  | 'machine';

/** A campaign that has ended, as its author wrote it. */
export interface CampaignPlan {
  draft: NewCampaign;
  homes: readonly GraphHome[];
  /** The morning or afternoon of the first call. */
  startsAt: number;
  /** Somebody stopped it then; left out for one that went on to its end. */
  stoppedAt?: number;
  answers: Answers;
}

const spoken = { isHumanVoice: false };

const questions = {
  question1: {
    'zh-CN': '您对小区保洁是否满意？',
    en: 'How content are you with the cleaning?',
  },
  question2: {
    'zh-CN': '您对维修的及时性是否满意？',
    en: 'How content are you with how soon repairs are made?',
  },
  question3: {
    'zh-CN': '您对客服人员的态度是否满意？',
    en: 'How content are you with our staff?',
  },
};
const waterOff = {
  message: {
    'zh-CN': '明天上午八点至十二点，三栋至五栋因二次供水设备检修停水，请提前储水。',
    en: 'Tomorrow from 8 to 12, buildings 3 to 5 have no water while the pumps are serviced. Please store some.',
  },
};
const powerOff = {
  message: {
    'zh-CN': '二栋配电房正在抢修，预计今晚八点恢复供电，电梯暂停使用，给您带来不便敬请谅解。',
    en: 'The power of building 2 is being repaired and is expected back at 8 p.m. Lifts are out of use.',
  },
};

/** Far enough back that nothing of it counts against those who are called next. */
const daysAgo = { arrears: 24, survey: 17, outage: 14, power: 4 } as const;

/** Which campaigns there were: arrears, a survey, an outage, and one that was stopped since the power came back. */
export function planCampaigns(chance: Chance, graph: Graph, days: readonly Day[]): CampaignPlan[] {
  const [first, second = first] = graph.estates;
  if (first === undefined || second === undefined) return [];
  const at = (ago: number, minute: number): number =>
    (days.at(-1 - ago)?.startMs ?? 0) + minute * minuteMs;
  const lived = graph.homes.filter(({ people }) => people.some(({ role }) => role === 'owner'));
  const of = (estateId: string) => lived.filter((home) => home.estateId === estateId);
  const inBuildings = (estateId: string, ...buildings: string[]) =>
    of(estateId).filter(({ building }) => buildings.includes(building));
  const estateIds = (...ids: string[]) => ({ audience: { estateIds: ids } });
  return [
    {
      draft: {
        name: '物业费逾期提醒',
        kind: 'arrears',
        settings: {
          audience: { debt: { kinds: ['property'], overdueDays: 30 } },
          maxLines: 4,
        },
      },
      // Who owes anything today is left to whoever tries the product.
      homes: lived.filter(({ owes }) => !owes && chance.is(0.085)),
      startsAt: at(daysAgo.arrears, 9 * 60 + 30),
      answers: {
        ...{ confirmed: 44, promised: 20, disputed: 3, unconfirmed: 13 },
        ...{ hung_up_early: 12, wrong_person: 5, stopped_calling: 1, machine: 2 },
      },
    },
    {
      draft: {
        name: '季度服务满意度调查',
        kind: 'survey',
        settings: {
          ...estateIds(first.id),
          script: {
            ...{ ...spoken, flowId: 'campaign-survey' },
            texts: questions,
          },
          maxLines: 6,
          attemptsPerContact: 3,
        },
      },
      homes: of(first.id).filter(() => chance.is(0.2)),
      startsAt: at(daysAgo.survey, 10 * 60),
      answers: {
        answered_survey: 46,
        unconfirmed: 24,
        hung_up_early: 26,
        stopped_calling: 2,
        machine: 2,
      },
    },
    {
      draft: {
        name: '二次供水设备检修停水通知',
        kind: 'notice',
        topic: 'outage',
        settings: {
          ...estateIds(first.id),
          script: {
            ...{ ...spoken, flowId: 'campaign-notice' },
            texts: waterOff,
          },
          maxLines: 10,
        },
      },
      homes: inBuildings(first.id, '3', '4', '5'),
      startsAt: at(daysAgo.outage, 16 * 60 + 30),
      answers: {
        confirmed: 72,
        unconfirmed: 14,
        hung_up_early: 11,
        stopped_calling: 0.4,
        machine: 3,
      },
    },
    {
      draft: {
        name: '2栋临时停电通知',
        kind: 'notice',
        topic: 'outage',
        settings: {
          ...estateIds(second.id),
          script: {
            ...{ ...spoken, flowId: 'campaign-notice' },
            texts: powerOff,
          },
          maxLines: 3,
          attemptsPerContact: 3,
        },
      },
      homes: inBuildings(second.id, '2'),
      startsAt: at(daysAgo.power, 18 * 60 + 20),
      stoppedAt: at(daysAgo.power, 18 * 60 + 41),
      answers: { confirmed: 70, unconfirmed: 16, hung_up_early: 11, machine: 3 },
    },
  ];
}
