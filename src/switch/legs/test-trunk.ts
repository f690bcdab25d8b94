import type { SipAddress, SipContact } from '../sip/index.ts';
import type { Board } from '../channel/board.types.ts';

/**
 * The far side of the demo's trunk: no carrier, but telephones that registered here and said which numbers
 * they answer. A call to any other number rings, and nobody answers it; nothing leaves this machine.
 */
export interface TestTelephone {
  uri: string;
  /** A number, `*` for every number, or undefined for a telephone that belongs to somebody else. */
  answers: string | undefined;
  /** Calls that it has now. */
  calls: number;
}

/**
 * The one telephone that rings: one with that number before one that answers every number, and of these the one
 * with the fewest calls, the newest of several. It is never more than one: a leg has one channel UUID, which the service knows. Pure.
 */
export function telephoneFor<T extends TestTelephone>(
  number: string,
  telephones: readonly T[],
): T | undefined {
  const own = telephones.filter(({ answers }) => answers === number);
  const fitting = own.length > 0 ? own : telephones.filter(({ answers }) => answers === '*');
  return fitting.reduce<T | undefined>(
    (best, one) => (best === undefined || one.calls <= best.calls ? one : best),
    undefined,
  );
}

export interface TestLeg {
  uri: string;
  label: string;
  user: string;
  to: string;
  flow?: SipAddress;
  isUnattended?: boolean;
}

/** Where a call to that number rings now. */
export function testTelephone(board: Board, number: string): TestLeg {
  const found = telephoneFor(number, telephonesOf(board));
  const to = `sip:${number}@${board.domain}`;
  const leg = { label: `sofia/external/${number}`, user: number, to };
  return found === undefined
    ? { ...leg, uri: to, isUnattended: true }
    : { ...leg, uri: found.uri, flow: found.flow };
}

function telephonesOf(board: Board): (TestTelephone & SipContact)[] {
  return board.agent.registeredUsers().flatMap((user) => {
    const answers = board.directory.known(user)?.variables?.['lt_answers'];
    if (answers === undefined) return [];
    return board.agent
      .contactsOf(user)
      .map((contact) => ({ ...contact, answers, calls: callsAt(board, contact.flow) }));
  });
}

function callsAt(board: Board, { host, port }: SipAddress): number {
  const legs = [...board.channels.values()].map(({ session }) => session?.remoteAddress);
  return legs.filter((address) => address?.host === host && address.port === port).length;
}
