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
export { can, type Permission } from './permissions.ts';
