import { rulesFor } from '../../contract/call-rules.ts';
import {
  isSameLocalDay,
  nextAllowedTime,
  nextLocalDay,
  refusedTime,
} from '../../property/index.ts';
import type { PastAttempt, Refusal, RefusalCode, RuleInput, Verdict } from './rules.types.ts';

const dayMs = 24 * 3600_000;

/** What no approval lifts: there is nobody to call, or nothing to call about. */
const absolute: readonly RefusalCode[] = ['invalid_number', 'nothing_owed', 'campaign_cap'];

/** Whether this person may be called on this number now, and if not why, and when to ask again. */
export function mayCall(input: RuleInput): Verdict {
  const rules = rulesFor(input);
  const refusals = [...standing(input), ...ofTheMoment(input)].filter(({ code }) =>
    rules.refusals.includes(code),
  );
  // No approver makes collection at night lawful.
  const lifts = rules.canBeOverridden && isNamed(input);
  const kept = lifts ? refusals.filter(({ code }) => absolute.includes(code)) : refusals;
  const [decisive] = kept;
  if (decisive === undefined) return { may: true, overridden: refusals.map(({ code }) => code) };
  // Asked again when all that stands in the way now has passed.
  const isFinal = kept.some(({ retryAt }) => retryAt === null);
  const latest = new Date(Math.max(...kept.map(({ retryAt }) => retryAt?.getTime() ?? 0)));
  return {
    may: false,
    code: decisive.code,
    retryAt: isFinal ? null : nextAllowed(input, latest),
    refusals: kept,
  };
}

function isNamed({ override }: RuleInput): boolean {
  return override !== null && override.approvedBy.trim() !== '' && override.reason.trim() !== '';
}

/** Reasons that lie in the person, the number or the debt, and do not pass by themselves; the table says which count. */
function standing(input: RuleInput): Refusal[] {
  const { person, debt, doNotCall, now } = input;
  const scopes = rulesFor(input).doNotCall;
  const found: Refusal[] = [];
  const refuse = (code: RefusalCode, retryAt: Date | null = null) => found.push({ code, retryAt });
  if (!/^\d{3,20}$/.test(input.number)) refuse('invalid_number');
  if (debt !== null && debt.owedFen <= 0) refuse('nothing_owed');
  const blocks = doNotCall.filter(
    ({ scope, until }) => scopes.includes(scope) && (until === null || until > now),
  );
  if (blocks.length > 0) refuse('do_not_call', latestOf(blocks.map(({ until }) => until)));
  if (person.isMinor) refuse('minor');
  if (person.flags.length > 0) refuse('sensitive');
  if (debt?.isDisputed === true) refuse('disputed');
  if (!input.hasConsent) refuse('no_consent');
  if (!input.choice.isWanted) refuse('not_wanted');
  if (debt?.promisedUntil != null && debt.promisedUntil > now) {
    refuse('promise_pending', debt.promisedUntil);
  }
  if (input.attemptsInCampaign >= input.caps.attemptsPerCampaign) refuse('campaign_cap');
  // Passes as soon as writing was in vain.
  if (input.choice.isWrittenFirst === true) refuse('prefers_writing', now);
  return found;
}

/** Reasons that pass: the hour, the day, how often we called already. */
function ofTheMoment(input: RuleInput): Refusal[] {
  const { now, zone, choice, history, caps } = input;
  const { purpose } = rulesFor(input);
  const found: Refusal[] = [];
  const time = refusedTime(now, zone, purpose, choice.hours);
  if (time !== undefined) {
    found.push({ code: time, retryAt: nextAllowedTime(now, zone, purpose, choice.hours) });
  }
  const today = history.filter(({ at }) => isSameLocalDay(at, now, zone));
  const tomorrow = nextLocalDay(now, zone);
  if (today.filter((one) => one.isEffective).length >= caps.effectivePerDay) {
    found.push({ code: 'effective_cap', retryAt: tomorrow });
  }
  if (today.length >= caps.attemptsPerDay) found.push({ code: 'daily_cap', retryAt: tomorrow });
  const week = withinWeek(history, now);
  const oldest = week[week.length - caps.attemptsPerWeek];
  if (oldest !== undefined) {
    found.push({ code: 'weekly_cap', retryAt: new Date(oldest.at.getTime() + 7 * dayMs) });
  }
  return found;
}

/** Attempts of the last seven days, oldest first. */
function withinWeek(history: readonly PastAttempt[], now: Date): PastAttempt[] {
  const from = now.getTime() - 7 * dayMs;
  return history
    .filter(({ at }) => at.getTime() > from)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** A time at which caps have passed may be night: moved on to the next allowed minute. */
function nextAllowed(input: RuleInput, at: Date): Date | null {
  const { zone, choice } = input;
  return nextAllowedTime(at, zone, rulesFor(input).purpose, choice.hours);
}

function latestOf(dates: readonly (Date | null)[]): Date | null {
  const times = dates.map((date) => date?.getTime() ?? Infinity);
  const latest = Math.max(...times);
  return Number.isFinite(latest) ? new Date(latest) : null;
}
