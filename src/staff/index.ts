/** Staff: accounts, sessions, permissions, audit. */
export {
  audit,
  authenticate,
  LoginError,
  logIn,
  logOut,
  seedDemoStaff,
  type Member,
} from './accounts.ts';
export { removeExpiredSessions } from './housekeeping.ts';
export { can, type Permission } from './permissions.ts';
export { createAdministrator, disableDemoStaff, refuseExposedDemo } from './administrators.ts';
