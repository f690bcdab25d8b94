import { hash } from '@node-rs/argon2';
import { newId } from '../core/ids.ts';
import type { Db, Pool, StaffRole } from '../db/index.ts';

const demoAccounts: readonly (readonly [username: string, name: string, role: StaffRole])[] = [
  ['admin', '系统管理员', 'admin'],
  ['supervisor', '班长 周敏', 'supervisor'],
  ['office', '物业 吴婷', 'office'],
  ['agent1', '客服 陈静', 'agent'],
  ['agent2', '客服 刘洋', 'agent'],
  ['agent3', '客服 赵磊', 'agent'],
  ['agent4', '客服 孙艳', 'agent'],
  ['agent5', '客服 马杰', 'agent'],
  ['agent6', '客服 何芳', 'agent'],
];

/** Everybody knows bills and repairs; the rest differs. */
const demoSkills: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  agent1: { billing: 4, repairs: 3, english: 4, vip: 5 },
  agent2: { billing: 5, repairs: 2, complaints: 3 },
  agent3: { billing: 2, repairs: 5, english: 2 },
  agent4: { billing: 3, repairs: 3, complaints: 5, vip: 3 },
  agent5: { billing: 2, repairs: 4 },
  agent6: { billing: 3, repairs: 3, english: 5 },
};

/** The important owner whom one of the demo agents looks after. */
const vip = { number: '13900000002', agent: 'agent1' };

/** The demo accounts, all with one password; existing accounts stay as they are. */
export async function seedDemoStaff(db: Pool, password: string): Promise<boolean> {
  const passwordHash = await hash(password);
  return db.transaction().execute(async (trx) => {
    const made = await trx
      .insertInto('staff')
      .values(
        demoAccounts.map(([username, displayName, role]) => ({
          id: newId(),
          username,
          displayName,
          role,
          passwordHash,
          isDemo: true,
        })),
      )
      .onConflict((conflict) => conflict.column('username').doNothing())
      .returning(['id', 'username'])
      .execute();
    const skills = made.flatMap(({ id, username }) =>
      Object.entries(demoSkills[username] ?? {}).map(([skill, level]) => ({
        staffId: id,
        skill,
        level,
      })),
    );
    if (skills.length > 0) {
      await trx
        .insertInto('staffSkill')
        .values(skills)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    const account = made.find(({ username }) => username === vip.agent);
    if (account !== undefined) await nameAccountAgent(trx, account.id);
    return made.length > 0;
  });
}

async function nameAccountAgent(db: Db, accountStaffId: string): Promise<void> {
  await db
    .updateTable('person')
    .set({ accountStaffId })
    .where('isVip', '=', true)
    .where('accountStaffId', 'is', null)
    .where('id', 'in', (query) =>
      query.selectFrom('personPhone').select('personId').where('number', '=', vip.number),
    )
    .execute();
}
