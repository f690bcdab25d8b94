/**
 * What stands on a leg, for a service that did not see how it came about: channel variables `lt_<name>`, which live and
 * die with the leg on the switch. They are written and read here and nowhere else; `freeswitch-conf` and the embedded
 * switch write those of `legVariable` that say so, under the same names (`test/unit/recovery.test.ts`).
 */
import { decodeVariable, encodeVariable } from './variables.ts';

/** A leg beside the customer's: an agent's phone, an outside number, a supervisor. */
export type LegRole = 'agent' | 'outside' | 'supervisor';

/** Why we dialled. */
export const callPurposes = ['desk', 'fax', 'campaign', 'test'] as const;
export type CallPurpose = (typeof callPurposes)[number];

/** What we write ourselves; values of any text. */
export interface LegRecord {
  /** Id of the call that the leg belongs to: without it nobody has met the leg yet. */
  call: string;
  role: LegRole | 'customer';
  /** What was dialled, of the customer's leg: a leg that is moved within the switch gets another destination. */
  number: string;
  /** Of a call that we made. */
  purpose: CallPurpose;
  /** Whose telephone it is, or who made the call; empty for nobody. */
  staff: string;
  /** Through which queue; empty for none. */
  queue: string;
  /** The campaign's attempt that it is. */
  attempt: string;
  /** The call in which this one was promised. */
  promise: string;
  /** Where the flow is: `content/flows/origin.ts`. */
  flow: string;
  /** Since when they wait for an agent, in milliseconds since 1970. */
  waiting: number;
  /** What the conversation is meant to be (`agents/conversations/recovery-record.ts`); empty for none. */
  talk: string;
}

export type LegRecordName = keyof LegRecord;

type Variables = Readonly<Record<string, string>>;

interface Codec<T> {
  write: (value: T) => string;
  /** Undefined for what no version of ours has written. */
  read: (text: string) => T | undefined;
}

const text: Codec<string> = { write: (value) => value, read: (value) => value };

function oneOf<T extends string>(...all: readonly T[]): Codec<T> {
  return { write: (value) => value, read: (value) => all.find((one) => one === value) };
}

const codecs: { readonly [Name in LegRecordName]: Codec<LegRecord[Name]> } = {
  call: text,
  role: oneOf('customer', 'agent', 'outside', 'supervisor'),
  number: text,
  purpose: oneOf(...callPurposes),
  staff: text,
  queue: text,
  attempt: text,
  promise: text,
  flow: text,
  waiting: {
    write: String,
    read: (value) => (value === '' || Number.isNaN(Number(value)) ? undefined : Number(value)),
  },
  talk: text,
};

/** Channel variables that say so. */
export function writeRecord(data: Readonly<Partial<LegRecord>>): Record<string, string> {
  return Object.fromEntries(
    (Object.keys(data) as LegRecordName[]).flatMap((name) => {
      const value = written(name, data[name]);
      return value === undefined ? [] : [[`lt_${name}`, encodeVariable(value)]];
    }),
  );
}

function written<Name extends LegRecordName>(
  name: Name,
  value: LegRecord[Name] | undefined,
): string | undefined {
  return value === undefined ? undefined : codecs[name].write(value);
}

/** Throws on a value that was packed in a way which no version until now has used. */
export function readRecord<Name extends LegRecordName>(
  variables: Variables,
  name: Name,
): LegRecord[Name] | undefined {
  const value = variables[`lt_${name}`];
  return value === undefined ? undefined : codecs[name].read(decodeVariable(value));
}

/** Plain ones, which the switch or its applications read or write, too. */
export const legVariable = {
  /** The dialplan: the hotline that was dialled. */
  did: 'lt_did',
  /** The dialplan and the directory: which trunk, or whose telephone, it came in by. */
  trunk: 'lt_trunk',
  /** The dialplan: the switch leads the leg by itself; `fax` while it receives one, else `true`. */
  unattended: 'lt_unattended',
  /** The directory: numbers that a telephone of the test trunk answers, `*` for all. */
  answers: 'lt_answers',
  /** The step that the leg is at, see `leg/step-proofs.ts`. */
  step: 'lt_step',
  /** The step that is over. */
  done: 'lt_done',
  /** What was keyed in last. */
  digits: 'lt_digits',
  /** Ends behind what was broken off, and says nothing. */
  broken: 'lt_break',
} as const;

/** How our own applications are told from those of the dialplan: the beginning of `Application-UUID`. */
export const ownApplication = 'lt_';

/** The hotline's number, as the dialplan has written it on a leg that came in. */
export function hotlineOf(variables: Variables): string | undefined {
  return variables[legVariable.did];
}

/** Whether a trunk, or one of our own telephones that has logged in, vouches for the number. */
export function isVouchedFor(variables: Variables): boolean {
  return (variables[legVariable.trunk] ?? '') !== '';
}

/** Why the switch leads a leg by itself. */
export type Unattended = 'fax' | 'nobody drives';

/** Undefined while we lead it. */
export function unattendedBecause(variables: Variables): Unattended | undefined {
  return becauseOf(variables[legVariable.unattended]);
}

/** The same of an event, without reading its hundreds of headers. */
export function unattendedByEvent(headers: Variables): Unattended | undefined {
  return becauseOf(headers[`variable_${legVariable.unattended}`]);
}

function becauseOf(value: string | undefined): Unattended | undefined {
  if (value === undefined) return undefined;
  return value === 'fax' ? 'fax' : 'nobody drives';
}
