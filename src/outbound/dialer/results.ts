import type { Language } from '../../core/language.ts';

/** What an attempt came to. The first group never spoke to a person. */
export const attemptResults = [
  'busy',
  'no_answer',
  'off',
  'invalid',
  'rejected',
  'machine',
  'no_line',
  'lost',
  'cancelled',
  'hung_up_early',
  'abandoned',
  'unconfirmed',
  'wrong_person',
  'confirmed',
  'promised',
  'disputed',
  'link_sent',
  'agent',
  'answered_survey',
  'stopped_calling',
] as const;
export type AttemptResult = (typeof attemptResults)[number];

/** A person answered and the message reached them: what the daily cap counts. */
export const effectiveResults: readonly AttemptResult[] = [
  'unconfirmed',
  'wrong_person',
  'confirmed',
  'promised',
  'disputed',
  'link_sent',
  'agent',
  'answered_survey',
  'stopped_calling',
];

/** The contact is done with; nothing more is dialled for it. */
export const successfulResults: readonly AttemptResult[] = [
  'confirmed',
  'promised',
  'disputed',
  'link_sent',
  'agent',
  'answered_survey',
];

export function isEffective(result: AttemptResult): boolean {
  return effectiveResults.includes(result);
}

/** What a contact came to: its last attempt's result, or it was written to as the person chose. */
export type ContactResult = AttemptResult | 'written';

export const resultTexts: Readonly<Record<ContactResult, Record<Language, string>>> = {
  written: { 'zh-CN': '已按业主选择发送消息', en: 'Written to, as they chose' },
  busy: { 'zh-CN': '占线', en: 'Busy' },
  no_answer: { 'zh-CN': '无人接听', en: 'No answer' },
  off: { 'zh-CN': '关机或不在服务区', en: 'Switched off or out of reach' },
  invalid: { 'zh-CN': '空号', en: 'No such number' },
  rejected: { 'zh-CN': '拒接', en: 'Declined' },
  machine: { 'zh-CN': '语音信箱', en: 'Answering machine' },
  no_line: { 'zh-CN': '线路不通', en: 'No line' },
  lost: { 'zh-CN': '线路中断', en: 'Line lost' },
  cancelled: { 'zh-CN': '已取消', en: 'Cancelled' },
  hung_up_early: { 'zh-CN': '提前挂机', en: 'Hung up early' },
  abandoned: { 'zh-CN': '接通后无坐席', en: 'Answered, but no agent was free' },
  unconfirmed: { 'zh-CN': '已接通未确认', en: 'Reached, not confirmed' },
  wrong_person: { 'zh-CN': '非本人', en: 'Not the right person' },
  confirmed: { 'zh-CN': '已确认', en: 'Confirmed' },
  promised: { 'zh-CN': '承诺缴费', en: 'Promised to pay' },
  disputed: { 'zh-CN': '提出异议', en: 'Disputed' },
  link_sent: { 'zh-CN': '已发送缴费链接', en: 'Payment link sent' },
  agent: { 'zh-CN': '转人工', en: 'Spoke to an agent' },
  answered_survey: { 'zh-CN': '已完成问卷', en: 'Survey answered' },
  stopped_calling: { 'zh-CN': '要求不再来电', en: 'Asked not to be called' },
};

/** Causes that speak of the carrier or the switch, not of the person called: another trunk is tried. */
const trunkCauses = new Set([
  'NORMAL_TEMPORARY_FAILURE',
  'NETWORK_OUT_OF_ORDER',
  'SWITCH_CONGESTION',
  'NORMAL_CIRCUIT_CONGESTION',
  'REQUESTED_CHAN_UNAVAIL',
  'GATEWAY_DOWN',
  'INVALID_GATEWAY',
  'RECOVERY_ON_TIMER_EXPIRE',
  'INCOMPATIBLE_DESTINATION',
  'BEARERCAPABILITY_NOTAVAIL',
  'OUTGOING_CALL_BARRED',
  'CHAN_NOT_IMPLEMENTED',
  'SERVICE_UNAVAILABLE',
  'SERVICE_NOT_IMPLEMENTED',
  'FACILITY_REJECTED',
  'EXCHANGE_ROUTING_ERROR',
  'NO_ROUTE_TRANSIT_NET',
]);

/** Causes (ITU-T Q.850 as FreeSWITCH names them) of a call that was not answered. */
const unansweredCauses: Readonly<Record<string, AttemptResult>> = {
  USER_BUSY: 'busy',
  NO_ANSWER: 'no_answer',
  NO_USER_RESPONSE: 'no_answer',
  ALLOTTED_TIMEOUT: 'no_answer',
  PROGRESS_TIMEOUT: 'no_answer',
  SUBSCRIBER_ABSENT: 'off',
  USER_NOT_REGISTERED: 'off',
  DESTINATION_OUT_OF_ORDER: 'off',
  UNALLOCATED_NUMBER: 'invalid',
  INVALID_NUMBER_FORMAT: 'invalid',
  NUMBER_CHANGED: 'invalid',
  NO_ROUTE_DESTINATION: 'invalid',
  CALL_REJECTED: 'rejected',
  ORIGINATOR_CANCEL: 'cancelled',
  MANAGER_REQUEST: 'cancelled',
};

export function resultOfCause(cause: string): AttemptResult {
  if (trunkCauses.has(cause)) return 'no_line';
  return unansweredCauses[cause] ?? 'no_answer';
}

/** Only the network behind the carrier says these; that our own patience ended, or that we hung up, proves nothing. */
const provenCauses = new Set(
  Object.keys(unansweredCauses).filter(
    (cause) =>
      ![
        ...['ORIGINATOR_CANCEL', 'MANAGER_REQUEST'],
        ...['ALLOTTED_TIMEOUT', 'PROGRESS_TIMEOUT', 'USER_NOT_REGISTERED'],
      ].includes(cause),
  ),
);

/** What the end of a call says of the trunk that carried it; undefined when it says nothing. */
export function trunkProof(
  cause: string | undefined,
  isAnswered: boolean,
): 'worked' | 'failed' | undefined {
  if (isAnswered) return 'worked';
  if (cause === undefined) return undefined;
  if (trunkCauses.has(cause)) return 'failed';
  return provenCauses.has(cause) ? 'worked' : undefined;
}

/** Whether the carrier failed, so that the attempt says nothing about the person. */
export function isTrunkFailure(cause: string): boolean {
  return trunkCauses.has(cause);
}
