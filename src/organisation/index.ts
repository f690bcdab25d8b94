/** The organisation: accounts, sessions, permissions, audit, what people can do. */
export { authenticate, authenticateAll, logIn, logOut, type Member } from './accounts/accounts.ts';
export { createAdministrator } from './accounts/administrators.ts';
export {
  disableDemoStaff,
  letInDemoStaff,
  refuseExposedDemo,
  shutOutDemoStaff,
} from './accounts/demo-access.ts';
export { audit, auditList } from './audit/audit.ts';
export {
  addCode,
  agentList,
  changeCode,
  codeList,
  setSkills,
  skillsOf,
  type CodeList,
} from './codes/codes.ts';
export { seedDemoStaff } from './demo.ts';
export { removeExpiredSessions } from './accounts/housekeeping.ts';
export {
  beginSecondFactor,
  changeOwnPassword,
  checkNewPassword,
  checkPendingCode,
  confirmOwn,
  confirmSecondFactor,
  removeSecondFactor,
} from './accounts/own-account.ts';
export {
  addStaff,
  changeStaff,
  needsConfirming,
  staffList,
  staffNames,
} from './accounts/people.ts';
export { can, permissionsOf, type Permission } from './permissions/permissions.ts';
export { endSession, sessionList } from './accounts/sessions.ts';
export { removeOldTries } from './accounts/login-guard.ts';
export { sitesOf } from './sites/sites.ts';
export { sealSecrets } from './accounts/second-factor.ts';
export { LoginError } from './organisation.errors.ts';
