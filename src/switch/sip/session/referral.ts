import type { Header, SipRequest } from '../message/message.ts';
import { headerOf } from '../message/message.ts';
import { parseCSeq, parseNameAddress } from '../message/headers.ts';
import { decoded } from '../message/uri.ts';
import { reasonOf, type ServerTransaction } from '../transaction/server-transaction.ts';
import type { ReferAnswer, ReferRequest } from '../user-agent.types.ts';

export interface ReferralWays {
  ask: (wanted: ReferRequest) => ReferAnswer | Promise<ReferAnswer>;
  contact: () => string;
  notify: (notice: ReturnType<typeof referNotice>) => void;
}

/** What the far end asks us to transfer, and what it is told of it (RFC 3515, RFC 4488). */
export class Referrals {
  readonly #ways: ReferralWays;
  #count = 0;

  constructor(ways: ReferralWays) {
    this.#ways = ways;
  }

  async answer(request: SipRequest, transaction: ServerTransaction): Promise<void> {
    const { ask, contact, notify } = this.#ways;
    const wanted = referOf(request);
    if (wanted === undefined) {
      transaction.respond(400);
      return;
    }
    const { status, outcome } = await ask(wanted);
    const isTold = !isSilent(request);
    const ours: Header = ['contact', contact()];
    transaction.respond(status, {
      headers: status < 300 && !isTold ? [ours, ['refer-sub', 'false']] : [ours],
    });
    if (status >= 300 || !isTold) return;
    this.#count += 1;
    const isFirst = this.#count === 1;
    await tellOutcome(outcome, (now) => {
      notify(referNotice(request, { status: now, isFirst, contact: contact() }));
    });
  }
}

/** What a REFER asks for (RFC 3515); undefined when it names nobody. Throws on nonsense. */
export function referOf(request: SipRequest): ReferRequest | undefined {
  const value = headerOf(request.headers, 'refer-to');
  if (value === undefined) return undefined;
  const { uri } = parseNameAddress(value);
  const query = value.includes('?') ? (value.split('?')[1]?.split('>')[0] ?? '') : '';
  const replaces = query
    .split('&')
    .find((one) => one.toLowerCase().startsWith('replaces='))
    ?.slice('replaces='.length);
  return {
    target: uri.user === '' ? uri.text : uri.user,
    replaces: replaces === undefined ? undefined : decoded(replaces),
    referredBy: headerOf(request.headers, 'referred-by'),
  };
}

/** The far end wants to hear nothing of it (RFC 4488). */
export function isSilent(request: SipRequest): boolean {
  return headerOf(request.headers, 'refer-sub')?.trim().toLowerCase().startsWith('false') === true;
}

/** One NOTIFY about a REFER (RFC 3515 section 2.4.4): how far it has got. */
export function referNotice(
  request: SipRequest,
  { status, isFirst, contact }: { status: number; isFirst: boolean; contact: string },
): { headers: Header[]; body: string } {
  // The first REFER of a dialog needs no id, later ones are told apart by theirs (section 2.4.6).
  const id = isFirst ? '' : `;id=${parseCSeq(headerOf(request.headers, 'cseq')).number}`;
  const isOver = status >= 200;
  return {
    headers: [
      ['event', `refer${id}`],
      [
        'subscription-state',
        isOver ? 'terminated;reason=noresource' : `active;expires=${referLimitSec}`,
      ],
      ['contact', contact],
      ['content-type', 'message/sipfrag;version=2.0'],
    ],
    body: `SIP/2.0 ${status} ${reasonOf(status)}\r\n`,
  };
}

/** A transfer that has come to nothing by then has failed. */
export const referLimitSec = 90;

/** At once how it stands, and last how it ended (RFC 3515 section 2.4.4), also when the call has ended meanwhile (RFC 5589). */
export async function tellOutcome(
  outcome: Promise<number | undefined> | undefined,
  tell: (status: number) => void,
): Promise<void> {
  tell(100);
  tell((await outcome) ?? 200);
}
