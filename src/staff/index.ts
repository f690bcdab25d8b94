/** Staff: accounts, sessions, permissions, audit, what people can do. */
export { authenticate, authenticateAll, logIn, logOut, sitesOf, type Member } from './accounts.ts';
export { createAdministrator } from './administrators.ts';
export {
  disableDemoStaff,
  letInDemoStaff,
  refuseExposedDemo,
  shutOutDemoStaff,
} from './demo-access.ts';
export { audit, auditList } from './audit.ts';
export {
  addCode,
  agentList,
  changeCode,
  codeList,
  setSkills,
  skillsOf,
  type CodeList,
} from './codes.ts';
export { seedDemoStaff } from './demo.ts';
export { removeExpiredSessions } from './housekeeping.ts';
export {
  beginSecondFactor,
  changeOwnPassword,
  confirmOwn,
  confirmSecondFactor,
  removeSecondFactor,
} from './own-account.ts';
export { addStaff, changeStaff, needsConfirming, staffList, staffNames } from './people.ts';
export { can, permissionsOf, type Permission } from './permissions.ts';
export { endSession, sessionList } from './sessions.ts';
export { removeOldTries } from './login-guard.ts';
export { sealSecrets } from './second-factor.ts';
export { LoginError } from './staff.errors.ts';
