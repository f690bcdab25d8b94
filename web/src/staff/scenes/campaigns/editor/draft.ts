import type { MessageChannel } from '../../../../../../src/contract/codes.ts';
import dayjs, { type Dayjs } from 'dayjs';
import type { Audience } from '../../../../../../src/contract/campaigns/audience.ts';
import type { NewCampaign } from '../../../../../../src/contract/campaigns/campaigns.ts';
import type { CampaignTopic } from '../../../../../../src/contract/campaigns/kinds.ts';
import type { Campaign } from '../campaign.types.ts';
import { fromSheet, toSheet, usualSheet, type SheetDraft } from './sheet-draft.ts';
import { matterOf } from './topics.ts';

/** What the editor holds; everything a field can be empty of is a string or a list. */
export interface Draft {
  name: string;
  kind: NewCampaign['kind'];
  estateIds: string[];
  buildingIds: string[];
  roles: Role[];
  flags: string[];
  isVipOnly: boolean;
  isSubscribersOnly: boolean;
  language: Audience['language'];
  /** Homes with an order of one of these kinds in one of these states. */
  orderKinds: string[];
  orderStates: string[];
  overdueDays: number | null;
  minOwedYuan: number | null;
  listId: string | undefined;
  /** Of the campaign whose homes are called again. */
  sameAs: string | undefined;
  messageZh: string;
  messageEn: string;
  questions: { zh: string; en: string }[];
  topic: CampaignTopic | undefined;
  purpose: NewCampaign['purpose'];
  /** For agents. */
  sheet: SheetDraft;
  overrideReason: string;
  mode: NonNullable<NonNullable<NewCampaign['settings']>['mode']>;
  queueId: string | undefined;
  maxLines: number;
  callsPerSecond: number;
  ringSec: number;
  attemptsPerContact: number;
  fallback: MessageChannel[];
  startsAt: Dayjs | null;
  endsAt: Dayjs | null;
  repeatEvery: Repeat['every'] | null;
  /** Only its time of day counts. */
  repeatAt: Dayjs | null;
  repeatUntil: Dayjs | null;
  /** IANA zone of the times of day. */
  timeZone: string;
  /** What the editor has no fields for is kept as it was. */
  kept: Partial<Campaign['settings']>;
}

type Role = NonNullable<Audience['roles']>[number];

type Repeat = NonNullable<NonNullable<NewCampaign['settings']>['repeat']>;

export const emptyDraft: Draft = {
  name: '',
  kind: 'notice',
  estateIds: [],
  buildingIds: [],
  roles: [],
  flags: [],
  isVipOnly: false,
  isSubscribersOnly: false,
  language: undefined,
  orderKinds: [],
  orderStates: [],
  overdueDays: null,
  minOwedYuan: null,
  listId: undefined,
  sameAs: undefined,
  messageZh: '',
  messageEn: '',
  questions: [{ zh: '', en: '' }],
  topic: 'notice',
  purpose: 'service',
  sheet: usualSheet,
  overrideReason: '',
  mode: 'automatic',
  queueId: undefined,
  maxLines: 20,
  callsPerSecond: 5,
  ringSec: 30,
  attemptsPerContact: 6,
  fallback: ['sms'],
  startsAt: null,
  endsAt: null,
  repeatEvery: null,
  repeatAt: null,
  repeatUntil: null,
  timeZone: 'Asia/Shanghai',
  kept: {},
};

/** Kinds whose words are the author's. */
export const hasMessage = (kind: Draft['kind']): boolean =>
  kind === 'notice' || kind === 'morning_call';
export const hasQuestions = (kind: Draft['kind']): boolean =>
  kind === 'survey' || kind === 'return_visit';

const flows: Readonly<Record<Draft['kind'], string>> = {
  arrears: 'campaign-arrears',
  notice: 'campaign-notice',
  survey: 'campaign-survey',
  return_visit: 'campaign-return-visit',
  morning_call: 'campaign-morning-call',
  agent_list: 'campaign-agent',
};

export function toRequest(draft: Draft): NewCampaign {
  const { kind, maxLines, callsPerSecond, ringSec, attemptsPerContact, fallback } = draft;
  const matter = matterOf(draft);
  const isEmergency = matter.purpose === 'emergency';
  return {
    name: draft.name.trim(),
    kind,
    ...matter,
    startsAt: draft.startsAt?.toISOString() ?? null,
    endsAt: draft.endsAt?.toISOString() ?? null,
    settings: {
      ...draft.kept,
      repeat: repeatOf(draft),
      timeZone: draft.timeZone,
      audience: audienceOf(draft),
      script: { flowId: flows[kind], texts: textsOf(draft), isHumanVoice: false },
      mode: kind === 'agent_list' ? draft.mode : 'automatic',
      queueId: kind === 'agent_list' ? (draft.queueId ?? null) : null,
      ...{ maxLines, callsPerSecond, ringSec, attemptsPerContact, fallback },
      ...(kind === 'agent_list' ? { sheet: toSheet(draft.sheet) } : {}),
      overrideReason:
        isEmergency && draft.overrideReason.trim() !== '' ? draft.overrideReason.trim() : null,
    },
  };
}

function repeatOf({ repeatEvery, repeatAt, repeatUntil }: Draft): Repeat | null {
  if (!repeatEvery || !repeatAt) return null;
  return {
    every: repeatEvery,
    atMinute: repeatAt.hour() * 60 + repeatAt.minute(),
    until: repeatUntil?.format('YYYY-MM-DD') ?? null,
  };
}

function audienceOf(draft: Draft): Audience {
  if (draft.listId !== undefined) return { listId: draft.listId };
  if (draft.sameAs !== undefined) return { campaign: { id: draft.sameAs } };
  const { estateIds, buildingIds, roles, flags, language, kind } = draft;
  const { estateIds: _e, buildingIds: _b, roles: _r, flags: _f, ...before } = kept(draft);
  const { isVip: _v, language: _l, subscribersOnly: _s, order: _o, debt, ...others } = before;
  const order = orderOf(draft);
  return {
    ...others,
    ...(estateIds.length === 0 ? {} : { estateIds }),
    ...(buildingIds.length === 0 ? {} : { buildingIds }),
    ...(roles.length === 0 ? {} : { roles }),
    ...(flags.length === 0 ? {} : { flags }),
    ...(draft.isVipOnly ? { isVip: true } : {}),
    ...(language === undefined ? {} : { language }),
    ...(draft.isSubscribersOnly || kind === 'morning_call' ? { subscribersOnly: true } : {}),
    ...(order === undefined ? {} : { order }),
    ...(kind === 'arrears' ? { debt: debtOf(draft, debt) } : {}),
  };
}

function kept({ kept: { audience = {} } }: Draft): Audience {
  const { listId: _list, campaign: _campaign, ...rules } = audience;
  return rules;
}

function debtOf({ overdueDays, minOwedYuan }: Draft, before: Audience['debt']) {
  return {
    ...(before?.kinds === undefined ? {} : { kinds: before.kinds }),
    ...(overdueDays === null ? {} : { overdueDays }),
    ...(minOwedYuan === null ? {} : { minFen: Math.round(minOwedYuan * 100) }),
  };
}

/** A return visit is about repairs that are done, unless it says otherwise. */
function orderOf(draft: Draft): Audience['order'] {
  const { orderKinds: kinds, orderStates: states, kind } = draft;
  const { kinds: _kinds, states: _states, ...others } = kept(draft).order ?? {};
  const order = {
    ...others,
    ...(kinds.length === 0 ? {} : { kinds }),
    ...(states.length === 0 ? {} : { states }),
  };
  if (Object.keys(order).length > 0) return order;
  return kind === 'return_visit' ? { kinds: ['repair'], states: ['done'] } : undefined;
}

function textsOf(draft: Draft): Record<string, { 'zh-CN': string; en?: string }> {
  const pair = (zh: string, en: string) => ({
    'zh-CN': zh.trim(),
    ...(en.trim() === '' ? {} : { en: en.trim() }),
  });
  if (hasMessage(draft.kind)) return { message: pair(draft.messageZh, draft.messageEn) };
  if (!hasQuestions(draft.kind)) return {};
  return Object.fromEntries(
    draft.questions
      .filter(({ zh }) => zh.trim() !== '')
      .map(({ zh, en }, at) => [`question${at + 1}`, pair(zh, en)]),
  );
}

/** A draft of the service, back in the editor. */
export function fromCampaign(campaign: Campaign): Draft {
  const { name, kind, settings, startsAt, endsAt } = campaign;
  const { repeat, timeZone } = settings;
  const { audience, script, fallback, queueId, overrideReason } = settings;
  const { maxLines, callsPerSecond, ringSec, attemptsPerContact, mode } = settings;
  const text = (slot: string) => script.texts[slot] ?? { 'zh-CN': '', en: '' };
  const questions = [1, 2, 3, 4, 5]
    .filter((at) => script.texts[`question${at}`] !== undefined)
    .map((at) => ({ zh: text(`question${at}`)['zh-CN'], en: text(`question${at}`).en ?? '' }));
  return {
    ...{ name, kind, maxLines, callsPerSecond, ringSec, attemptsPerContact, mode },
    estateIds: audience.estateIds ?? [],
    buildingIds: audience.buildingIds ?? [],
    roles: audience.roles ?? [],
    flags: audience.flags ?? [],
    isVipOnly: audience.isVip === true,
    isSubscribersOnly: audience.subscribersOnly === true,
    language: audience.language,
    orderKinds: audience.order?.kinds ?? [],
    orderStates: audience.order?.states ?? [],
    kept: settings,
    overdueDays: audience.debt?.overdueDays ?? null,
    minOwedYuan: audience.debt?.minFen === undefined ? null : audience.debt.minFen / 100,
    listId: audience.listId,
    sameAs: audience.campaign?.id,
    messageZh: text('message')['zh-CN'],
    messageEn: text('message').en ?? '',
    questions: questions.length === 0 ? [{ zh: '', en: '' }] : questions,
    topic: undefined,
    purpose: undefined,
    ...matterOf(campaign),
    sheet: fromSheet(settings.sheet),
    overrideReason: overrideReason ?? '',
    queueId: queueId ?? undefined,
    fallback: [...fallback],
    startsAt: startsAt === null ? null : dayjs(startsAt),
    endsAt: endsAt === null ? null : dayjs(endsAt),
    repeatEvery: repeat?.every ?? null,
    repeatAt: repeat === null ? null : dayjs().startOf('day').add(repeat.atMinute, 'minute'),
    repeatUntil: repeat === null || repeat.until === null ? null : dayjs(repeat.until),
    timeZone,
  };
}
