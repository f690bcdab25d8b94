import type { Clock } from '../../../core/clock.ts';
import type { Db } from '../../../db/index.ts';
import { issuePhonePassword } from './accounts.ts';

/**
 * Telephones of the demo, as anybody may open one: the page `/phone` and `npm run phone -- --answer`. What one
 * answers stands in the name of its account, which begins with a digit as no name of staff does:
 * `13800000001.every.k3f9`.
 */
export interface TestPhone {
  /** Whose telephone it is: shown to whom it calls. */
  number: string;
  answers: 'own' | 'every';
  /** Tells the telephones of one number apart; chosen by the telephone itself. */
  phone: string;
}

/** Accounts that were not asked for again for so long are dropped. */
const keptMs = 24 * 3600_000;

export function testPhoneName({ number, answers, phone }: TestPhone): string {
  return `${number}.${answers}.${phone}`;
}

/** The directory's `lt_answers`: a number, or `*` for every number; see `switch/legs/test-trunk.ts`. */
export function answersOf(username: string, callerNumber: string | null): string | undefined {
  if (callerNumber === null) return undefined;
  return /^\d+\.every\./.test(username) ? '*' : callerNumber;
}

/** Nobody registers with them from now on; who is registered is ended by the service (`ended.ts`), which drops them. */
export async function shutOutTestPhones(db: Db, clock: Clock): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('phoneAccount')
    .set({ endedAt: clock.now() })
    .where('staffId', 'is', null)
    .where('endedAt', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Resolves with the account's name and password. */
export async function openTestPhone(
  db: Db,
  clock: Clock,
  wish: TestPhone,
): Promise<{ username: string; password: string }> {
  const username = testPhoneName(wish);
  await db
    .deleteFrom('phoneAccount')
    .where('staffId', 'is', null)
    .where('updatedAt', '<', new Date(clock.now().getTime() - keptMs))
    .execute();
  const account = { username, staffId: null, callerNumber: wish.number };
  return { username, password: await issuePhonePassword(db, clock, account) };
}
