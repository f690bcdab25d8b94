import { dialledNumber, type Dialled, type NumberKind } from './numbers.ts';

/** Why a telephone outside is dialled. */
export const dialPurposes = [
  /** An agent typed or clicked a number. */
  'agent',
  'callback',
  /** To whom a call is passed, or who is asked about it. */
  'transfer',
  /** The telephone at which an agent answers. */
  'seat',
  /** Staff hear a campaign on their own telephone. */
  'test',
  'campaign',
  'duty',
  'fax',
] as const;
export type DialPurpose = (typeof dialPurposes)[number];

export interface DialPolicy {
  /** Kinds of numbers, and prefixes of others: `mobile`, `00852`. */
  allowed: readonly string[];
  /** Of one agent, to one number, and of all, in a day. */
  mostPerAgent: number;
  mostPerNumber: number;
  mostPerDay: number;
}

/** What was dialled today, as far as a limit asks for it. */
export interface DialCounts {
  byAgent: number;
  toNumber: number;
  inAll: number;
}

export type DialRefusal =
  | 'bad_number'
  | 'international'
  | 'premium'
  | 'emergency'
  | 'not_allowed'
  | 'agent_limit'
  | 'number_limit'
  | 'day_limit'
  /** Nobody knows what was dialled today. */
  | 'uncounted';

export const allowedKinds = ['mobile', 'landline', 'freephone', 'short', 'internal'] as const;

/** Purposes with limits: neither help in an emergency nor the telephone of an agent's seat runs out. */
const limited: ReadonlySet<DialPurpose> = new Set([
  ...(['agent', 'callback', 'transfer', 'test', 'fax'] as const),
]);
/** Whose calls the limits count. Campaigns ask for many numbers at once (`usedUp`), and have no limit for the day. */
export const countedPurposes: readonly DialPurpose[] = [...limited, 'campaign'];
/** Purposes of a person who may have the right to call for help. */
const personal: ReadonlySet<DialPurpose> = new Set(['agent', 'transfer']);

export function isLimited(purpose: DialPurpose): boolean {
  return limited.has(purpose);
}

/** Whether a number of this kind may be dialled at all, and why not. The same for every kind of call. */
export function refusalOf(
  { allowed }: Pick<DialPolicy, 'allowed'>,
  { kind, number }: Dialled,
  mayCallEmergency = false,
): DialRefusal | undefined {
  if (kind === 'bad') return 'bad_number';
  if (kind === 'emergency') return mayCallEmergency ? undefined : 'emergency';
  if (isAllowed(allowed, kind, number)) return undefined;
  if (kind === 'international' || kind === 'premium') return kind;
  return 'not_allowed';
}

function isAllowed(allowed: readonly string[], kind: NumberKind, number: string): boolean {
  if (allowed.includes(kind)) return true;
  return allowed.some((prefix) => /^\d+$/.test(prefix) && number.startsWith(prefix));
}

/** The one decision on a call to a number outside. Pure. Without counts nothing goes out that has a limit. */
export function mayDial(
  policy: DialPolicy,
  wanted: { number: string; purpose: DialPurpose; mayCallEmergency: boolean },
  counts: DialCounts | undefined,
): { number: string } | { refusal: DialRefusal } {
  const dialled = dialledNumber(wanted.number);
  const mayHelp = wanted.mayCallEmergency && personal.has(wanted.purpose);
  const refusal = refusalOf(policy, dialled, mayHelp);
  if (refusal !== undefined) return { refusal };
  const isFree = !limited.has(wanted.purpose) || dialled.kind === 'emergency';
  const limit = isFree ? undefined : limitOf(policy, counts);
  return limit === undefined ? { number: dialled.number } : { refusal: limit };
}

function limitOf(policy: DialPolicy, counts: DialCounts | undefined): DialRefusal | undefined {
  if (counts === undefined) return 'uncounted';
  if (counts.byAgent >= policy.mostPerAgent) return 'agent_limit';
  if (counts.toNumber >= policy.mostPerNumber) return 'number_limit';
  return counts.inAll >= policy.mostPerDay ? 'day_limit' : undefined;
}
