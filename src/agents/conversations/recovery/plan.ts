import type { LegSound } from '../../../cti/index.ts';
import type { RecoveryRecord } from '../recovery-record.ts';

/**
 * What stands of a conversation when a service meets a call that it did not lead until now, or has lost
 * sight of it for a while. Pure: from what was written and from the legs that live.
 */
export interface RecoveryFacts {
  /** What was meant to be; undefined for a call that nobody talked to. */
  record: RecoveryRecord | undefined;
  customer: LegState;
  /** Telephones of agents and outside numbers that live for that call; supervisors are not among them. */
  parties: readonly PartyState[];
}

export interface LegState {
  legId: string;
  /** The leg that it talks to. */
  bridgedTo: string | undefined;
  /** Says nothing while it talks to a leg. */
  sound: LegSound;
}

export interface PartyState extends LegState {
  isAnswered: boolean;
}

export type RecoveryPlan =
  /** Nobody is there for the customer any more. */
  | { kind: 'alone'; dismissed: readonly string[] }
  | {
      kind: 'together';
      mode: RecoveryRecord['mode'];
      agentLegId: string;
      otherLegId: string | undefined;
      /** What is missing for it to be so, in order. */
      repairs: readonly Repair[];
      /** Telephones that are let go: nobody is at them who belongs to it. */
      dismissed: readonly string[];
    };

export type Repair =
  /** Customer and agent talk. */
  | 'connect'
  /** Agent and third party talk. */
  | 'connect parties'
  /** The customer hears music. */
  | 'music'
  /** The agent hears nothing any more: what rang for them is gone. */
  | 'quiet'
  /** All three in one room. */
  | 'gather';

/** Who talks is never parted; otherwise what was meant to be is made so, as far as people are left. */
export function planRecovery(facts: RecoveryFacts): RecoveryPlan {
  const { customer, parties, record } = facts;
  const up = parties.filter((one) => one.isAnswered);
  const partner = up.find((one) => one.legId === customer.bridgedTo);
  if (partner !== undefined) return together(facts, 'talking', partner, undefined, []);
  if (record === undefined) return { kind: 'alone', dismissed: parties.map((one) => one.legId) };
  const agent = up.find((one) => one.legId === record.agent.legId);
  const other = up.find((one) => one.legId === record.other?.legId);
  // Who leaves while a third party is in it hands the customer over.
  const left = agent ?? other;
  if (left === undefined) return { kind: 'alone', dismissed: parties.map((one) => one.legId) };
  if (agent === undefined || (record.mode === 'conference' && other === undefined)) {
    return together(facts, 'talking', left, undefined, ['connect']);
  }
  switch (record.mode) {
    case 'talking':
      return together(facts, 'talking', agent, undefined, ['connect']);
    case 'held':
      return onHold(facts, agent);
    case 'consulting':
      return other === undefined ? onHold(facts, agent) : consultation(facts, agent, other);
    case 'conference': {
      const isWhole = [customer, agent, other].every((one) => one !== undefined && isInRoom(one));
      return together(facts, 'conference', agent, other, isWhole ? [] : ['gather']);
    }
  }
}

function onHold(facts: RecoveryFacts, agent: PartyState): RecoveryPlan {
  const isRinging = agent.sound === 'tune';
  return together(facts, 'held', agent, undefined, [
    ...musicFor(facts),
    ...(isRinging ? ['quiet' as const] : []),
  ]);
}

function consultation(facts: RecoveryFacts, agent: PartyState, other: PartyState): RecoveryPlan {
  const isMet = agent.bridgedTo === other.legId;
  return together(facts, 'consulting', agent, other, [
    ...musicFor(facts),
    ...(isMet ? [] : ['connect parties' as const]),
  ]);
}

function musicFor({ customer }: RecoveryFacts): Repair[] {
  const { bridgedTo, sound } = customer;
  return bridgedTo === undefined && sound === 'tune' ? [] : ['music'];
}

function isInRoom({ bridgedTo, sound }: LegState): boolean {
  return bridgedTo === undefined && sound === 'conference';
}

function together(
  { parties }: RecoveryFacts,
  mode: RecoveryRecord['mode'],
  agent: PartyState,
  other: PartyState | undefined,
  repairs: readonly Repair[],
): RecoveryPlan {
  const kept = [agent.legId, other?.legId];
  return {
    kind: 'together',
    mode,
    agentLegId: agent.legId,
    otherLegId: other?.legId,
    repairs,
    dismissed: parties.map((one) => one.legId).filter((legId) => !kept.includes(legId)),
  };
}
