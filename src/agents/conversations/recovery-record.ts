import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { parseJson } from '../../core/json.ts';

const RecordedParty = Type.Object({
  legId: Type.String({ minLength: 1 }),
  /** Null for an outside number. */
  staffId: Type.Union([Type.String(), Type.Null()]),
});

const RecoveryRecord = Type.Object({
  mode: Type.Union([
    Type.Literal('talking'),
    Type.Literal('held'),
    Type.Literal('consulting'),
    Type.Literal('conference'),
  ]),
  agent: RecordedParty,
  /** Null while a third party's telephone rings, and when there is none. */
  other: Type.Union([RecordedParty, Type.Null()]),
  queueId: Type.Union([Type.String(), Type.Null()]),
});

/**
 * What a conversation is meant to be, written on the customer's leg (`lt_talk`) before the switch is
 * asked to make it so. Whoever takes over from a dead service reads it there.
 */
export type RecoveryRecord = Static<typeof RecoveryRecord>;
export type RecordedParty = Static<typeof RecordedParty>;

export function recoveryText(record: RecoveryRecord): string {
  return JSON.stringify(record);
}

/** Undefined for a call without a conversation, and for what no version of ours has written. */
export function readRecovery(text: string | undefined): RecoveryRecord | undefined {
  if (text === undefined || text === '') return undefined;
  const value = parseJson(text);
  return Value.Check(RecoveryRecord, value) ? value : undefined;
}
