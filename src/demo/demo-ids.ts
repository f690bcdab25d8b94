import { sql, type RawBuilder } from 'kysely';
import { demoIdMark as version, demoIdMarkAt as versionAt } from '../contract/codes.ts';
import type { Chance } from './chance.ts';

/**
 * How rows of the demo history are known: by their ids. They are UUIDs of version 8 (RFC 9562, for uses of one's
 * own) with `de0` behind the version, and everything else that is kept has version 7. So nothing real is ever taken
 * for a demo, no list of ids can get lost, and a row that was exported still says what it is. Like all our ids they
 * begin with the time: lists go by them.
 */

export function isDemoId(id: string): boolean {
  return id.startsWith(version, versionAt);
}

/** The same of a column; null is none. */
export function hasDemoId(column: string): RawBuilder<boolean> {
  const begins = sql.lit(versionAt + 1);
  const length = sql.lit(version.length);
  return sql<boolean>`substr(${sql.ref(column)}::text, ${begins}, ${length}) = ${sql.lit(version)}`;
}

/** Gives out ids that sort by their time; the same chance gives the same ids. */
export class DemoIds {
  readonly #chance: Chance;
  #count = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  at(at: number): string {
    this.#count += 1;
    const time = hex(Math.floor(at), 12);
    const random = hex(Math.floor(this.#chance.next() * 2 ** 28), 7);
    // Counted, so that no two are the same whatever the chance.
    const serial = hex(this.#count, 8);
    return `${time.slice(0, 8)}-${time.slice(8)}-${version}-8${random.slice(0, 3)}-${random.slice(3)}${serial}`;
  }
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
