import type { OccupancyRole } from '../../db/index.ts';

/** A number of somebody who lives in or owns a home, as rows say it. */
export interface Resident {
  roomId: string;
  personId: string;
  role: OccupancyRole;
  numbers: readonly { number: string; isPrimary: boolean }[];
  isMinor: boolean;
}

export interface Household {
  roomId: string;
  /** Whom the call is for: the owner, or who stands nearest to that. */
  personId: string;
  /** In the order in which they are called, each once. */
  numbers: readonly { number: string; personId: string }[];
}

const nearness: Readonly<Record<OccupancyRole, number>> = { owner: 0, tenant: 1, family: 2 };

/**
 * One household a home. `debtor` keeps to whom the debt belongs (contacts of a debtor are not told of
 * it); `residents` goes on to everybody in the home. Primary numbers first; no number twice.
 */
export function households(
  residents: readonly Resident[],
  who: 'debtor' | 'residents',
): Household[] {
  const homes = new Map<string, Resident[]>();
  for (const one of residents) {
    if (one.isMinor || one.numbers.length === 0) continue;
    homes.set(one.roomId, [...(homes.get(one.roomId) ?? []), one]);
  }
  return [...homes].flatMap(([roomId, members]) => {
    const sorted = [...members].sort((a, b) => nearness[a.role] - nearness[b.role]);
    const [first] = sorted;
    if (first === undefined) return [];
    const asked = who === 'debtor' ? [first] : sorted;
    return [{ roomId, personId: first.personId, numbers: numbersOf(asked) }];
  });
}

function numbersOf(residents: readonly Resident[]): Household['numbers'] {
  const found = new Map<string, string>();
  for (const { personId, numbers } of residents) {
    const sorted = [...numbers].sort((a, b) => Number(b.isPrimary) - Number(a.isPrimary));
    for (const { number } of sorted) if (!found.has(number)) found.set(number, personId);
  }
  return [...found].map(([number, personId]) => ({ number, personId }));
}

/**
 * Households that share a first number are one call, not two: somebody who owns several homes in a
 * building hears of the outage once. The homes covered by the call stay known.
 */
export function mergeBySharedNumber(
  all: readonly Household[],
): (Household & { coveredRoomIds: readonly string[] })[] {
  const byNumber = new Map<string, Household & { coveredRoomIds: string[] }>();
  for (const one of all) {
    const first = one.numbers[0]?.number;
    if (first === undefined) continue;
    const known = byNumber.get(first);
    if (known === undefined) byNumber.set(first, { ...one, coveredRoomIds: [one.roomId] });
    else known.coveredRoomIds.push(one.roomId);
  }
  return [...byNumber.values()];
}
