import { sql } from 'kysely';
import { changesBetween, mustChange } from '../../core/changes.ts';
import type { Clock } from '../../core/clock.ts';
import type { Language } from '../../core/language.ts';
import { AppError } from '../../core/errors.ts';
import {
  colleagueInSites,
  emit,
  narrowedBy,
  within,
  type Db,
  type Readable,
  type Scope,
} from '../../db/index.ts';
import { audit } from '../audit/audit.ts';
import { CodeNotFoundError, UnknownCodeError, UnknownStaffError } from '../organisation.errors.ts';

/** Lists of codes with names: they are switched off, never deleted, since records name them. */
export type CodeList = 'skill' | 'breakReason' | 'wrapUpReason';

export interface CodeView {
  code: string;
  name: Record<Language, string>;
  isActive: boolean;
}

export function codeList(db: Db, list: CodeList): Promise<CodeView[]> {
  return db
    .selectFrom(list)
    .select(['code', 'name', 'isActive'])
    .orderBy('place')
    .orderBy('code')
    .execute();
}

export async function addCode(
  db: Db,
  clock: Clock,
  actor: string,
  list: CodeList,
  { code, name, isActive }: CodeView,
): Promise<CodeView> {
  const made = await db
    .insertInto(list)
    .values({
      code,
      name: JSON.stringify(name),
      isActive,
      place: sql<number>`(SELECT coalesce(max(place), 0) + 1 FROM ${sql.table(tables[list])})`,
    })
    .onConflict((conflict) => conflict.column('code').doNothing())
    .returning(['code', 'name', 'isActive'])
    .executeTakeFirst();
  if (made === undefined) {
    throw new AppError({
      code: 'code.taken',
      status: 409,
      message: 'This code is used already; choose another one.',
      details: { field: 'code', code },
    });
  }
  await audit(db, clock, { staffId: actor, act: `${list}.created`, subject: code });
  await emit(db, 'code.created', { list, code }, clock.now());
  return made;
}

/** `db` must be a transaction. Throws `code.not_found`, `request.unchanged`. */
export async function changeCode(
  db: Db,
  clock: Clock,
  actor: string,
  list: CodeList,
  code: string,
  change: Partial<Omit<CodeView, 'code'>>,
): Promise<CodeView> {
  const { name, isActive } = change;
  const before = await db
    .selectFrom(list)
    .select(['name', 'isActive'])
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirst();
  if (before === undefined) throw new CodeNotFoundError(code);
  mustChange(before, { name, isActive });
  const changed = await db
    .updateTable(list)
    .set({
      code,
      ...(name === undefined ? {} : { name: JSON.stringify(name) }),
      ...(isActive === undefined ? {} : { isActive }),
    })
    .where('code', '=', code)
    .returning(['code', 'name', 'isActive'])
    .executeTakeFirstOrThrow();
  await audit(db, clock, {
    staffId: actor,
    act: `${list}.changed`,
    subject: code,
    details: { ...change, changes: changesBetween(before, { name, isActive }) },
  });
  await emit(db, 'code.changed', { list, code }, clock.now());
  return changed;
}

const tables: Readonly<Record<CodeList, string>> = {
  skill: 'skill',
  breakReason: 'break_reason',
  wrapUpReason: 'wrap_up_reason',
};

export interface SkillLevel {
  skill: string;
  /** 1–5. */
  level: number;
}

/** Skills of each person asked for, as the router wants them. */
export async function skillsOf(
  db: Db,
  staffIds: readonly string[],
): Promise<Map<string, Record<string, number>>> {
  const found = new Map<string, Record<string, number>>();
  for (const id of staffIds) found.set(id, {});
  if (staffIds.length === 0) return found;
  const rows = await db
    .selectFrom('staffSkill')
    .innerJoin('skill', 'skill.code', 'staffSkill.skill')
    .where('skill.isActive', '=', true)
    .where('staffId', 'in', staffIds)
    .select(['staffId', 'skill.code', 'level'])
    .execute();
  for (const { staffId, code, level } of rows) {
    found.set(staffId, { ...found.get(staffId), [code]: level });
  }
  return found;
}

export async function setSkills(
  db: Db,
  clock: Clock,
  actor: string,
  staffId: string,
  skills: readonly SkillLevel[],
): Promise<void> {
  await within(db, async (trx) => {
    const person = await trx
      .selectFrom('staff')
      .select('id')
      .where('id', '=', staffId)
      .forUpdate()
      .executeTakeFirst();
    if (person === undefined) throw new UnknownStaffError();
    const wanted = new Map(skills.map(({ skill, level }) => [skill, level]));
    const before = await trx
      .selectFrom('staffSkill')
      .select(['skill', 'level'])
      .where('staffId', '=', staffId)
      .execute();
    const had = Object.fromEntries(before.map(({ skill, level }) => [skill, level]));
    mustChange({ skills: had }, { skills: Object.fromEntries(wanted) });
    await trx.deleteFrom('staffSkill').where('staffId', '=', staffId).execute();
    if (wanted.size > 0) {
      const codes = [...wanted.keys()];
      const known = await trx
        .selectFrom('skill')
        .select('code')
        .where('code', 'in', codes)
        .execute();
      const unknown = codes.filter((code) => !known.some((one) => one.code === code));
      if (unknown.length > 0) throw new UnknownCodeError('skills', unknown);
      await trx
        .insertInto('staffSkill')
        .values([...wanted].map(([skill, level]) => ({ staffId, skill, level })))
        .execute();
    }
    const skillLevels = Object.fromEntries(wanted);
    const changes = changesBetween({ skillLevels: had }, { skillLevels });
    const details = { ...skillLevels, changes };
    await audit(trx, clock, { staffId: actor, act: 'agent.skillsSet', subject: staffId, details });
    await emit(trx, 'staff.changed', { staffId }, clock.now());
  });
}

export interface AgentListItem {
  staffId: string;
  username: string;
  displayName: string;
  skills: SkillLevel[];
  queueIds: string[];
}

/** Whoever may take a seat, with what they can do. */
export async function agentList(scope: Scope, given: Readable): Promise<AgentListItem[]> {
  const db = narrowedBy(scope, given);
  const people = await db
    .selectFrom('staff')
    .where('role', 'in', ['agent', 'supervisor'])
    .where('isDisabled', '=', false)
    .where(colleagueInSites(sql`staff.id`, scope.sites))
    .select(['id', 'username', 'displayName'])
    .select((row) =>
      row
        .selectFrom('queueMember')
        .whereRef('queueMember.staffId', '=', 'staff.id')
        .select((of) => of.fn.agg<string[] | null>('array_agg', ['queueMember.queueId']).as('ids'))
        .as('queueIds'),
    )
    .orderBy('username')
    .limit(2000)
    .execute();
  const skills = await db
    .selectFrom('staffSkill')
    .select(['staffId', 'skill', 'level'])
    .orderBy('skill')
    .execute();
  return people.map(({ id, queueIds, ...one }) => ({
    ...one,
    staffId: id,
    queueIds: queueIds ?? [],
    skills: skills
      .filter(({ staffId }) => staffId === id)
      .map(({ skill, level }) => ({ skill, level })),
  }));
}
