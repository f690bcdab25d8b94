import { normaliseNumber } from '../../contract/numbers.ts';
import { hotlineOf, readRecord } from '../call/recovery.ts';
import { variablesOf } from '../call/variables.ts';

/** A leg as `uuid_dump` or an event tells of it. */
export interface LegFacts {
  uuid: string;
  direction: 'inbound' | 'outbound';
  destination: string;
  callerNumber: string;
  isNumberPrivate: boolean;
  createdAt: Date;
  isAnswered: boolean;
  variables: Record<string, string>;
}

/** What a leg hears of the switch: an endless tune, others in a conference, or anything else. */
export type LegSound = 'tune' | 'conference' | 'other';

/** What others are told of a leg when they look at it. */
export interface LegSeen {
  isAnswered: boolean;
  /** The leg that it talks to. */
  bridgedTo: string | undefined;
  /** What it heard last, while it talks to a leg. */
  sound: LegSound;
}

/** By the application that it ran last; see `hold` and `confer`. */
const sounds: Readonly<Record<string, LegSound>> = {
  endless_playback: 'tune',
  conference: 'conference',
};

export function seen({ isAnswered, variables }: LegFacts): LegSeen {
  const sound = sounds[variables['current_application'] ?? ''] ?? 'other';
  return { isAnswered, bridgedTo: variables['signal_bond'], sound };
}

/** Undefined when the text is no event about a leg. */
export function legFacts(headers: Readonly<Record<string, unknown>>): LegFacts | undefined {
  const text = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  const uuid = text('Unique-ID');
  if (uuid === '') return undefined;
  const created = Number(text('Caller-Channel-Created-Time'));
  return {
    uuid,
    direction: text('Call-Direction') === 'outbound' ? 'outbound' : 'inbound',
    destination: text('Caller-Destination-Number'),
    callerNumber: text('Caller-Caller-ID-Number'),
    isNumberPrivate: text('Caller-Privacy-Hide-Number') === 'true',
    createdAt: created > 0 ? new Date(created / 1000) : new Date(),
    isAnswered: text('Answer-State') === 'answered',
    variables: variablesOf(headers),
  };
}

/** One form for one caller, whatever a carrier sends. What is withheld stays as it came. */
export function callerOf({ callerNumber }: LegFacts): string {
  const number = normaliseNumber(callerNumber);
  return number === '' ? callerNumber : number;
}

/** What `uuid_dump … json` says; undefined when the leg has gone meanwhile. */
export function dumpedFacts(dump: string): LegFacts | undefined {
  return dump.startsWith('{') ? legFacts(JSON.parse(dump) as Record<string, unknown>) : undefined;
}

/** The legs of `show channels as json`. Throws on anything else. */
export function listedLegs(text: string): string[] {
  const value = JSON.parse(text) as { rows?: readonly { uuid: string }[] };
  return (value.rows ?? []).map((row) => row.uuid);
}

/** The number of `show channels count`. */
export function listedCount(text: string): number {
  return Number(/(\d{1,9}) total/.exec(text)?.[1] ?? Number.NaN);
}

/** A leg that was moved within the switch has another destination; the first was written on it. */
export function dialledNumber({ variables, destination }: LegFacts): string {
  return readRecord(variables, 'number') ?? hotlineOf(variables) ?? destination;
}
