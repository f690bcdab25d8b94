import { hash } from '@node-rs/argon2';
import { sql } from 'kysely';
import { changedFields, changesBetween, isSameSet, UnchangedError } from '../../core/changes.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import {
  colleagueInSites,
  emit,
  narrowedBy,
  staffInSites,
  within,
  type Db,
  type Readable,
  Scope,
  type Sites,
  type StaffRole,
} from '../../db/index.ts';
import { audit } from '../audit/audit.ts';
import { clearTries, hasTriesOf } from './login-guard.ts';
import { checkPassword } from './passwords.ts';
import {
  LastAdminError,
  OwnAccountError,
  UnknownCodeError,
  UnknownStaffError,
  UsernameTakenError,
  WiderSitesError,
} from '../organisation.errors.ts';

export interface StaffView {
  id: string;
  username: string;
  displayName: string;
  role: StaffRole;
  isDisabled: boolean;
  lockedUntil: Date | null;
  hasSecondFactor: boolean;
  /** Empty for all. */
  siteIds: string[];
  createdAt: Date;
}

export interface StaffChange {
  displayName?: string;
  role?: StaffRole;
  password?: string;
  isDisabled?: boolean;
  /** Lifts a lock. */
  isUnlocked?: true;
  /** The authenticator app is lost: the password alone counts until a new one is set up. */
  isSecondFactorRemoved?: true;
  siteIds?: readonly string[];
}

const shown = 'whoever may change an account is shown what became of it';

/** Everybody in the scope, by username. */
export async function staffList(scope: Scope, db: Readable, id?: string): Promise<StaffView[]> {
  const rows = await narrowedBy(scope, db)
    .selectFrom('staff')
    .select(['id', 'username', 'displayName', 'role', 'isDisabled', 'createdAt'])
    .select((row) =>
      row
        .selectFrom('loginGuard')
        .where((where) =>
          where(where.fn('lower', ['staff.username']), '=', where.ref('loginGuard.username')),
        )
        .select((of) => of.fn.max('loginGuard.blockedUntil').as('until'))
        .as('lockedUntil'),
    )
    .select('totpEnabledAt')
    .select((row) =>
      row
        .selectFrom('staffSite')
        .whereRef('staffSite.staffId', '=', 'staff.id')
        .select((of) => of.fn.agg<string[] | null>('array_agg', ['staffSite.estateId']).as('ids'))
        .as('siteIds'),
    )
    .where(staffInSites(sql`staff.id`, scope.sites))
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .orderBy('username')
    .limit(2000)
    .execute();
  return rows.map(({ totpEnabledAt, siteIds, ...row }) => ({
    ...row,
    hasSecondFactor: totpEnabledAt !== null,
    siteIds: siteIds ?? [],
  }));
}

/** What people are called, for those who read of them. */
export function staffNames(scope: Scope, db: Readable) {
  return narrowedBy(scope, db)
    .selectFrom('staff')
    .select(['id', 'username', 'displayName'])
    .where(colleagueInSites(sql`staff.id`, scope.sites))
    .limit(5000)
    .execute();
}

/** Whoever changes accounts, with the sites to which they are limited. */
export interface Actor {
  id: string;
  siteIds: Sites;
}

/** Nobody gives away more than they have: no limit, or a site that is not theirs. */
function checkReach({ siteIds: own }: Actor, siteIds: readonly string[]): void {
  if (own === null) return;
  if (siteIds.length > 0 && siteIds.every((id) => own.includes(id))) return;
  throw new WiderSitesError();
}

/** A new account; throws `staff.username_taken`, `staff.weak_password`. */
export async function addStaff(
  db: Db,
  clock: Clock,
  actor: Actor,
  given: {
    username: string;
    displayName: string;
    role: StaffRole;
    password: string;
    siteIds?: readonly string[];
  },
): Promise<StaffView> {
  checkReach(actor, given.siteIds ?? []);
  checkPassword(given.password, given.username);
  const passwordHash = await hash(given.password);
  return within(db, async (trx) => {
    const id = newId();
    const made = await trx
      .insertInto('staff')
      .values({
        id,
        username: given.username,
        displayName: given.displayName,
        role: given.role,
        passwordHash,
      })
      .onConflict((conflict) => conflict.column('username').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (made === undefined) throw new UsernameTakenError(given.username);
    await setSites(trx, id, given.siteIds ?? []);
    const details = { username: given.username, role: given.role };
    await audit(trx, clock, { staffId: actor.id, act: 'staff.created', subject: id, details });
    await emit(trx, 'staff.changed', { staffId: id }, clock.now());
    return one(trx, id);
  });
}

/**
 * Changes an account. Whoever loses rights, or whose password is set by another, is logged out.
 * Throws `staff.last_admin` when nobody could manage every account any more, `staff.own_account`, `request.unchanged`.
 */
export async function changeStaff(
  db: Db,
  clock: Clock,
  actor: Actor,
  id: string,
  change: StaffChange,
): Promise<StaffView> {
  if (change.siteIds !== undefined) checkReach(actor, change.siteIds ?? []);
  checkOwn(actor, id, change);
  const { password, siteIds, isUnlocked, isSecondFactorRemoved, ...columns } = change;
  return within(db, async (trx) => {
    const full = await lockFullAdmins(trx);
    const before = await one(trx, id);
    const staysFull =
      (change.role ?? before.role) === 'admin' &&
      change.isDisabled !== true &&
      (siteIds ?? before.siteIds).length === 0;
    const isLast = full.length === 1 && full[0] === id;
    if (isLast && !staysFull) throw new LastAdminError();
    if (password !== undefined) checkPassword(password, before.username);
    const guard = await guardOf(trx, before);
    if (changesOf({ ...before, ...guard }, change).length === 0) {
      throw new UnchangedError(Object.keys(change));
    }
    const now = clock.now();
    const set = {
      ...columns,
      ...(password === undefined
        ? {}
        : { passwordHash: await hash(password), passwordChangedAt: now, isDemo: false }),
      ...(isUnlocked === true || password !== undefined
        ? { failedLogins: 0, lockedUntil: null, totpFailures: 0, totpBlockedUntil: null }
        : {}),
      ...(isSecondFactorRemoved === true
        ? {
            ...{ totpSecret: null, totpPending: null, totpEnabledAt: null, totpLastStep: null },
            // Guesses at the app that is gone do not count against the next one.
            ...{ totpFailures: 0, totpBlockedUntil: null },
          }
        : {}),
    };
    if (Object.keys(set).length > 0) {
      await trx.updateTable('staff').set(set).where('id', '=', id).execute();
    }
    if (isUnlocked === true || password !== undefined) await clearTries(trx, before.username);
    if (siteIds !== undefined) await setSites(trx, id, siteIds);
    const isOther =
      password !== undefined ||
      change.isDisabled === true ||
      (change.role !== undefined && change.role !== before.role) ||
      isSecondFactorRemoved === true ||
      (siteIds !== undefined && !isSameSet(siteIds, before.siteIds));
    if (isOther) await trx.deleteFrom('staffSession').where('staffId', '=', id).execute();
    // Which fields, and their values unless secret.
    const details = {
      ...change,
      ...(password === undefined ? {} : { password: 'changed' }),
      changes: changesBetween(before, {
        ...columns,
        ...(siteIds === undefined || isSameSet(siteIds, before.siteIds) ? {} : { siteIds }),
      }),
    };
    await audit(trx, clock, { staffId: actor.id, act: 'staff.changed', subject: id, details });
    if (isSecondFactorRemoved === true) {
      await audit(trx, clock, { staffId: actor.id, act: 'staff.secondFactorReset', subject: id });
    }
    await emit(trx, 'staff.changed', { staffId: id }, now);
    return one(trx, id);
  });
}

/**
 * Whether a change makes an administrator, lets one come back or reach further, or takes what guards the log-in
 * of somebody.
 */
export async function needsConfirming(db: Db, id: string, change: StaffChange): Promise<boolean> {
  if (change.isSecondFactorRemoved === true) return true;
  const [before] = await staffList(Scope.everything(shown), db, id);
  if (before === undefined) return false;
  if (before.role !== 'admin') return change.role === 'admin';
  const staysAdmin = (change.role ?? 'admin') === 'admin';
  return (
    change.password !== undefined ||
    (staysAdmin && change.isDisabled === false && before.isDisabled) ||
    (staysAdmin && change.siteIds !== undefined && isWider(change.siteIds, before.siteIds))
  );
}

/** Sites of an account, empty for all, that are more than before. Pure. */
function isWider(siteIds: readonly string[], before: readonly string[]): boolean {
  if (before.length === 0) return false;
  return siteIds.length === 0 || siteIds.some((id) => !before.includes(id));
}

/**
 * Administrators of all sites who can log in. All administrators are locked, in order, so that two cannot remove
 * or limit each other at once; sites are read after that, since they stand in another table.
 */
async function lockFullAdmins(trx: Db): Promise<string[]> {
  const admins = trx
    .selectFrom('staff')
    .select('id')
    .where('role', '=', 'admin')
    .where('isDisabled', '=', false);
  await admins.orderBy('id').forUpdate().execute();
  const rows = await admins
    .where((of) =>
      of.not(
        of.exists(
          of
            .selectFrom('staffSite')
            .select('staffId')
            .whereRef('staffSite.staffId', '=', 'staff.id'),
        ),
      ),
    )
    .execute();
  return rows.map((row) => row.id);
}

/** Throws `staff.own_account`: what guards somebody's log-in is not lifted by the same session. */
function checkOwn(actor: Actor, id: string, change: StaffChange): void {
  if (actor.id !== id) return;
  for (const field of ['isSecondFactorRemoved', 'password', 'isUnlocked'] as const) {
    if (change[field] !== undefined) throw new OwnAccountError(field);
  }
}

/** Which fields of a change are not so yet. A password always is another one. */
export function changesOf(
  before: Pick<StaffView, 'displayName' | 'role' | 'isDisabled' | 'siteIds'> & Guard,
  { siteIds, isUnlocked, isSecondFactorRemoved, ...columns }: StaffChange,
): string[] {
  return [
    ...changedFields(before, columns),
    ...(siteIds !== undefined && !isSameSet(siteIds, before.siteIds) ? ['siteIds'] : []),
    ...(isUnlocked === true && before.hasTries ? ['isUnlocked'] : []),
    ...(isSecondFactorRemoved === true && before.hasSecret ? ['isSecondFactorRemoved'] : []),
  ];
}

interface Guard {
  /** Wrong tries count against them. */
  hasTries: boolean;
  /** An app, or one that is being set up. */
  hasSecret: boolean;
}

async function guardOf(db: Db, { id, username }: StaffView): Promise<Guard> {
  const row = await db
    .selectFrom('staff')
    .select(['failedLogins', 'lockedUntil', 'totpFailures', 'totpSecret', 'totpPending'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { failedLogins, lockedUntil, totpFailures, totpSecret, totpPending } = row;
  return {
    hasTries:
      failedLogins > 0 ||
      lockedUntil !== null ||
      totpFailures > 0 ||
      (await hasTriesOf(db, username)),
    hasSecret: totpSecret !== null || totpPending !== null,
  };
}

async function one(db: Db, id: string): Promise<StaffView> {
  const [found] = await staffList(Scope.everything(shown), db, id);
  if (found === undefined) throw new UnknownStaffError();
  return found;
}

async function setSites(db: Db, staffId: string, siteIds: readonly string[]): Promise<void> {
  await db.deleteFrom('staffSite').where('staffId', '=', staffId).execute();
  if (siteIds.length === 0) return;
  const known = await db.selectFrom('estate').select('id').where('id', 'in', siteIds).execute();
  const unknown = siteIds.filter((site) => !known.some(({ id }) => id === site));
  if (unknown.length > 0) throw new UnknownCodeError('siteIds', unknown);
  await db
    .insertInto('staffSite')
    .values(known.map(({ id }) => ({ staffId, estateId: id })))
    .execute();
}
