import {
  evidenceOf,
  isEffective,
  mayCall,
  nextStep,
  rulesFor,
  successfulResults,
  type AttemptResult,
  type RuleInput,
  type Tried,
} from '../../outbound/index.ts';
import { secondMs } from '../calendar.ts';
import { callOut, resultOf } from './call-out.ts';
import type { Campaign, ContactRow } from './campaign.types.ts';
import type { RowOf } from '../rows.ts';
import type { Stage } from '../stage.ts';

type Attempt = RowOf<'attempt'>;

/**
 * Makes the calls of a campaign as the dialler would: whose turn it is, whether they may be called, on which of its
 * lines, and what follows. The rules and the retries are the dialler's own. Returns when the last contact was done.
 */
export function dialAll(stage: Stage, campaign: Campaign): number {
  const { row, plan, contacts } = campaign;
  const lines = Array.from({ length: row.settings.maxLines }, () => plan.startsAt);
  const tried = new Map<string, Attempt[]>();
  const paceMs = secondMs / row.settings.callsPerSecond;
  let [earliest, last] = [plan.startsAt, plan.startsAt];
  for (;;) {
    const contact = nextOf(contacts);
    const line = lines.indexOf(Math.min(...lines));
    if (contact?.nextAt == null) return last;
    const at = Math.max(contact.nextAt.getTime(), lines[line] ?? 0, earliest);
    if (plan.stoppedAt !== undefined && at >= plan.stoppedAt) return last;
    const before = tried.get(contact.id) ?? [];
    const input = inputOf(campaign, contact, before, at);
    const verdict = mayCall(input);
    if (!verdict.may) {
      refuse(campaign, contact, verdict, at);
      last = Math.max(last, at);
      continue;
    }
    earliest = at + paceMs;
    const evidence = evidenceOf({ input, verdict, wishEvidence: null });
    const attempt = dial(stage, campaign, contact, { at, evidence });
    before.push(attempt);
    tried.set(contact.id, before);
    const endedAt = attempt.endedAt?.getTime() ?? at;
    lines[line] = endedAt;
    last = Math.max(last, endedAt);
    settle(campaign, contact, before, endedAt);
  }
}

/** Who is due first; of several, whoever was written down first. */
function nextOf(contacts: readonly ContactRow[]): ContactRow | undefined {
  let found: ContactRow | undefined;
  for (const one of contacts) {
    if (one.state !== 'waiting' || one.nextAt === null) continue;
    if (found?.nextAt == null || one.nextAt < found.nextAt) found = one;
  }
  return found;
}

function inputOf(
  { row, arrears }: Campaign,
  contact: ContactRow,
  before: readonly Attempt[],
  at: number,
): RuleInput {
  const owedFen = arrears?.owed(contact.roomId, at);
  return {
    ...{ purpose: row.purpose, topic: row.topic, now: new Date(at), zone: contact.timeZone },
    number: contact.nextNumber ?? contact.numbers[0]?.number ?? '',
    ...{ person: { isMinor: false, flags: [] }, doNotCall: [], hasConsent: false },
    choice: { isWanted: true, hours: null },
    debt: owedFen === undefined ? null : { owedFen, promisedUntil: null, isDisputed: false },
    history: before.map(({ createdAt, isEffective }) => ({ at: createdAt, isEffective })),
    attemptsInCampaign: contact.attempts,
    caps: { ...rulesFor(row).caps, attemptsPerCampaign: row.settings.attemptsPerContact },
    override: null,
  };
}

function refuse(
  { row }: Campaign,
  contact: ContactRow,
  verdict: Exclude<ReturnType<typeof mayCall>, { may: true }>,
  at: number,
): void {
  const { code, retryAt } = verdict;
  contact.refusal = code;
  if (retryAt !== null) {
    contact.nextAt = retryAt;
    return;
  }
  contact.state = contact.attempts > 0 && code === 'campaign_cap' ? 'unreached' : 'excluded';
  contact.finishedAt = new Date(at);
  if (contact.state === 'unreached' && row.settings.fallback.length > 0) contact.fallback = 'sent';
}

function dial(
  stage: Stage,
  campaign: Campaign,
  contact: ContactRow,
  { at, evidence }: { at: number; evidence: Record<string, unknown> },
): Attempt {
  const { history, ids } = stage;
  const { row, trunk, subjects, arrears } = campaign;
  const number = contact.nextNumber ?? contact.numbers[0]?.number ?? '';
  const callerId = trunk.callerIds[contact.estateId ?? ''] ?? trunk.callerId;
  const attempt: Attempt = {
    ...{ id: ids.at(at), campaignId: row.id, contactId: contact.id, callId: ids.at(at + 8) },
    ...{ subjectKey: subjects.get(contact.id) ?? '', householdKey: contact.householdKey, number },
    personId: contact.numbers.find((one) => one.number === number)?.personId ?? null,
    ...{ roomId: contact.roomId, trunkId: trunk.id, staffId: null, callerId, state: 'ended' },
    ...{ result: null, isEffective: false, hangupCause: null, answerer: null, evidence },
    owedFen: arrears?.owed(contact.roomId, at) ?? null,
    ...{ createdAt: new Date(at), answeredAt: null, endedAt: null },
  };
  contact.attempts += 1;
  contact.nextNumber = number;
  contact.nextAt = null;
  contact.owedFen = attempt.owedFen;
  const result = resultOf(stage, campaign, contact);
  const call = callOut(stage, campaign, { contact, attempt, result });
  attempt.result = result;
  attempt.isEffective = isEffective(result);
  attempt.hangupCause = call.row.hangupCause;
  attempt.answeredAt = call.row.answeredAt;
  attempt.endedAt = call.row.endedAt;
  history.attempt.push(attempt);
  history.outsideCall.push({
    ...{ id: ids.at(at), at: new Date(at), purpose: 'campaign', number },
    ...{ staffId: null, callId: attempt.callId, refusal: null },
  });
  return attempt;
}

/** What becomes of a contact after an attempt; see `settleContact` of the dialler. */
function settle(
  { row, arrears }: Campaign,
  contact: ContactRow,
  before: readonly Attempt[],
  at: number,
): void {
  const tries = before.map(({ number, result }): Tried => ({
    number,
    result: result as AttemptResult,
  }));
  const numbers = contact.numbers.map(({ number }) => number);
  const step = nextStep(numbers, tries);
  const result = before.at(-1)?.result ?? null;
  contact.result = result;
  if (before.at(-1)?.isEffective === true) {
    arrears?.willPay(contact.roomId, at, result === 'promised');
  }
  if (step.do === 'finish') {
    contact.state = 'reached';
    contact.finishedAt = new Date(at);
    contact.confirmedAt = successfulResults.includes(step.result) ? new Date(at) : null;
    return;
  }
  const isUsedUp = contact.attempts >= row.settings.attemptsPerContact;
  if (step.do === 'giveUp' || isUsedUp) {
    contact.state = 'unreached';
    contact.result = step.do === 'giveUp' ? step.result : result;
    contact.finishedAt = new Date(at);
    return;
  }
  contact.nextNumber = step.number;
  contact.nextAt = new Date(at + step.afterSec * secondMs);
}
