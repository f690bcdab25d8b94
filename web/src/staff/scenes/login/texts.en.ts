import type { texts as zh } from './texts.zh-CN.ts';

export const texts: Readonly<Record<keyof typeof zh, string>> = {
  'login.showPassword': 'Show password',
  'login.code': 'One-time code',
  'login.usernameMissing': 'Enter your username',
  'login.submit': 'Log in',
  'login.hint':
    'Demo accounts: admin, supervisor, office, agent1 to agent6. The password was printed at the first start and is kept in data/demo-password.',
  'login.ownerPhone': "Owner's telephone (demo)",
};
