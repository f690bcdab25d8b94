/**
 * What a message can be, and what may follow. A try is written down (`sending`) before the carrier is
 * asked and its result afterwards, so that no process that dies in between sends anything twice.
 *
 * queued → sending → sent → delivered, failed; sending → queued (certainly not out, again later),
 * failed (certainly not out, never will), unknown (may be out: never again by itself)
 */
import type { Language } from '../../core/language.ts';
import type { Transitions } from '../../core/states.ts';
import type { CampaignPurpose, MessageState } from '../../db/index.ts';

export const messageTransitions = {
  /**
   * A receipt for a former try that we believed had never left: it did. Unknown: a gateway may have the
   * former words, and they have changed.
   */
  queued: ['sending', 'failed', 'delivered', 'unknown'],
  /** A receipt may come before the answer to the request that it is about. */
  sending: ['sent', 'queued', 'failed', 'unknown', 'delivered'],
  sent: ['delivered', 'failed'],
  /** A receipt tells after all. */
  unknown: ['sent', 'delivered', 'failed'],
  delivered: [],
  failed: [],
} as const satisfies Transitions<MessageState>;

export const messageReasons = [
  'not_configured',
  'unreachable',
  'busy',
  'bad_login',
  'rejected',
  'undelivered',
  'no_answer',
  'interrupted',
  'no_longer_true',
  'too_late',
  'limit',
] as const;
export type MessageReason = (typeof messageReasons)[number];

/** What a carrier made of a message. Anything that it is not sure of is `unknown`. */
export type SendOutcome =
  | { kind: 'sent'; providerId: string | null }
  /** Certainly not out; the same again later may succeed. */
  | {
      kind: 'not_sent';
      /** `no_answer`: it may be out, but the carrier knows a repetition. */
      reason: 'unreachable' | 'busy' | 'bad_login' | 'no_answer';
      detail: string;
    }
  /** Certainly not out; the same again is in vain. */
  | { kind: 'refused'; detail: string }
  | { kind: 'not_configured' }
  | { kind: 'unknown'; detail: string };

export interface AfterSend {
  state: 'sent' | 'queued' | 'failed' | 'unknown';
  reason: MessageReason | null;
  detail: string | null;
  providerId: string | null;
  /** With `queued`: milliseconds until the next try. */
  againInMs: number | null;
}

const pausesMs = [30_000, 2 * 60_000, 10 * 60_000, 30 * 60_000] as const;
/** In an emergency the next channel is worth more than patience. */
const urgentPausesMs = [10_000] as const;

/** What becomes of a message after its nth try (`tries` counts this one). */
export function afterSend(
  outcome: SendOutcome,
  { tries, purpose }: { tries: number; purpose: CampaignPurpose | null },
): AfterSend {
  const none = { reason: null, detail: null, providerId: null, againInMs: null };
  switch (outcome.kind) {
    case 'sent':
      return { ...none, state: 'sent', providerId: outcome.providerId };
    case 'not_configured':
      return { ...none, state: 'failed', reason: 'not_configured' };
    case 'refused':
      return { ...none, state: 'failed', reason: 'rejected', detail: outcome.detail };
    case 'unknown':
      return { ...none, state: 'unknown', reason: 'no_answer', detail: outcome.detail };
    case 'not_sent': {
      const pauses: readonly number[] = purpose === 'emergency' ? urgentPausesMs : pausesMs;
      const againInMs = pauses[tries - 1] ?? null;
      const { reason, detail } = outcome;
      return {
        ...none,
        state: againInMs === null ? 'failed' : 'queued',
        reason,
        detail,
        againInMs,
      };
    }
  }
}

/** Longer than any carrier is waited for: whoever began this try is dead. */
export const sendingLimitMs = 3 * 60_000;

export function isInterrupted(triedAt: Date | null, now: Date): boolean {
  return triedAt === null || now.getTime() - triedAt.getTime() >= sendingLimitMs;
}

/** Where a receipt takes a message; undefined when it says nothing new. The first word is the last. */
export function afterReceipt(
  state: MessageState,
  receipt: 'delivered' | 'failed',
): 'delivered' | 'failed' | undefined {
  const next: readonly MessageState[] = messageTransitions[state];
  return next.includes(receipt) ? receipt : undefined;
}

export const messageStateTexts: Readonly<Record<MessageState, Record<Language, string>>> = {
  queued: { 'zh-CN': '待发送', en: 'Waiting' },
  sending: { 'zh-CN': '发送中', en: 'Being sent' },
  sent: { 'zh-CN': '已发出', en: 'Sent' },
  delivered: { 'zh-CN': '已送达', en: 'Delivered' },
  failed: { 'zh-CN': '未发出', en: 'Not sent' },
  unknown: { 'zh-CN': '是否发出不明', en: 'Unknown whether sent' },
};

export const messageReasonTexts: Readonly<Record<MessageReason, Record<Language, string>>> = {
  not_configured: { 'zh-CN': '未配置该渠道', en: 'This channel is not set up' },
  unreachable: { 'zh-CN': '无法连接服务商', en: 'The carrier could not be reached' },
  busy: { 'zh-CN': '服务商暂不受理', en: 'The carrier asked to try later' },
  bad_login: { 'zh-CN': '服务商拒绝登录', en: 'The carrier refused our log-in' },
  rejected: { 'zh-CN': '服务商拒绝该消息', en: 'The carrier refused the message' },
  undelivered: { 'zh-CN': '对方未收到', en: 'It did not reach the recipient' },
  no_answer: { 'zh-CN': '服务商未答复', en: 'The carrier did not answer' },
  interrupted: { 'zh-CN': '发送时服务中断', en: 'The service stopped while sending' },
  no_longer_true: { 'zh-CN': '情况已变，未发送', en: 'Not sent: no longer true' },
  too_late: { 'zh-CN': '可发送时任务已结束，未发送', en: 'Not sent: only allowed after the end' },
  limit: {
    'zh-CN': '该号码24小时内消息已达上限，未发送',
    en: 'Not sent: daily limit for this number',
  },
};
