import { WeakPasswordError, type PasswordFault } from './staff.errors.ts';

export const shortestPassword = 10;

/** What everybody tries first. Length decides more than odd signs (NIST SP 800-63B section 5.1.1.2). */
const common = [
  ...['password', 'passw0rd', 'qwertyuiop', 'qwerty', 'iloveyou', 'admin', 'welcome', 'lingting'],
  ...['woaini', 'aa123456', 'a123456', '123456', '1qaz2wsx', '5201314', 'abc123', 'zaq12wsx'],
];

/** Throws `staff.weak_password` naming the rule that the password breaks. */
export function checkPassword(password: string, username: string): void {
  const fault = passwordFault(password, username);
  if (fault !== undefined) throw new WeakPasswordError(fault, shortestPassword);
}

export function passwordFault(password: string, username: string): PasswordFault | undefined {
  const lower = password.toLowerCase();
  if ([...password].length < shortestPassword) return 'too_short';
  if (lower.includes(username.toLowerCase())) return 'holds_username';
  if (new Set(lower).size < 5) return 'too_uniform';
  if (isCommon(lower)) return 'too_common';
  return undefined;
}

/** A well-known word with nothing but digits and signs around it, once or repeated. */
function isCommon(lower: string): boolean {
  const rest = common.reduce((text, word) => text.replaceAll(word, ''), lower);
  return rest !== lower && [...rest.replaceAll(/[\d!@#$%^&*._-]/g, '')].length < 3;
}
