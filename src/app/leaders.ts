import { callPurposes, type Call } from '../cti/index.ts';

/** What a call is for: what somebody called us about, or why we called them. */
const purposes = ['hotline', ...callPurposes] as const;
export type Purpose = (typeof purposes)[number];

/**
 * Leads a call on from here: one that has just come in (`new`), or one that a process before this one has left
 * (`adopted`). Whoever dials leads that call by themselves as long as they live, and is asked only for the latter.
 */
export type Leader = (call: Call, how: 'new' | 'adopted') => void;

/**
 * | purpose    | who leads                                          |
 * | ---------- | -------------------------------------------------- |
 * | `hotline`  | `ivr`: the flow of the hotline that was dialled     |
 * | `desk`     | `agents`: the conversation of whoever dialled it   |
 * | `fax`      | `faxes`: the job that sends it                     |
 * | `campaign` | `outbound`: the attempt that it is                 |
 * | `test`     | `outbound`: staff hear a campaign's script         |
 */
export class Leaders {
  readonly #leaders = new Map<Purpose, Leader>();

  /** Throws for a purpose that has its leader already. */
  register(purpose: Purpose, leader: Leader): void {
    if (this.#leaders.has(purpose)) throw new Error(`two would lead calls of "${purpose}"`);
    this.#leaders.set(purpose, leader);
  }

  /** Before the first call: throws when calls of a purpose have nobody who leads them. */
  check(): void {
    const missing = purposes.filter((purpose) => !this.#leaders.has(purpose));
    if (missing.length > 0) throw new Error(`nobody leads calls of ${missing.join(', ')}`);
  }

  readonly lead: Leader = (call, how) => this.#leaders.get(purposeOf(call))?.(call, how);
}

/** As it stands on the leg. A version before this one wrote nothing on test calls, and the attempt alone on a campaign's. */
export function purposeOf(call: Pick<Call, 'direction' | 'recall'>): Purpose {
  const written = call.recall('purpose');
  if (written !== undefined) return written;
  if (call.direction === 'inbound') return 'hotline';
  return call.recall('attempt') === undefined ? 'test' : 'campaign';
}
