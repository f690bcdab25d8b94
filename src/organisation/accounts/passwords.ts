import { WeakPasswordError, type PasswordFault } from '../organisation.errors.ts';

export const shortestPassword = 10;

/**
 * What people try first: words of log-ins, wishes and names in pinyin, places, and this product and its trade. Length decides
 * more than odd signs (NIST SP 800-63B section 5.1.1.2), so that a long phrase may hold such a word.
 */
const words = [
  ...['password', 'passwd', 'admin', 'administrator', 'root', 'user', 'guest', 'test', 'demo'],
  ...['welcome', 'login', 'letmein', 'changeme', 'default', 'secret', 'master', 'system', 'hello'],
  ...[
    'iloveyou',
    'love',
    'sunshine',
    'princess',
    'dragon',
    'monkey',
    'football',
    'summer',
    'winter',
  ],
  ...['spring', 'autumn', 'lingting', 'wuye', 'wuyefuwu', 'xiaoqu', 'yezhu', 'kefu', 'banzhang'],
  ...['guanliyuan', 'zhuren', 'fuwu', 'dianhua', 'rexian', 'mima', 'mimashi', 'nihao', 'huanying'],
  ...[
    'woaini',
    'aini',
    'woaiwojia',
    'woaizhongguo',
    'zhongguo',
    'beijing',
    'shanghai',
    'guangzhou',
  ],
  ...[
    'shenzhen',
    'hangzhou',
    'jinxiu',
    'huayuan',
    'binjiang',
    'gongsi',
    'gongzuo',
    'xiexie',
    'laopo',
  ],
  ...[
    'laogong',
    'baobao',
    'baobei',
    'xiaolong',
    'xiaoming',
    'zhangwei',
    'wangwei',
    'wangfang',
    'lina',
  ],
  ...['facai', 'pingan', 'kuaile', 'xingfu', 'jiankang', 'shengri', 'china', 'property', 'office'],
  ...['supervisor', 'agent', 'hotline', 'service', 'company', 'qaz', 'wsx', 'edc', 'zaq', 'xsw'],
];
const longestFirst = words.toSorted((a, b) => b.length - a.length);

/** Keys side by side, and characters in order. */
const runs = [
  ...['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1234567890', 'abcdefghijklmnopqrstuvwxyz'],
  ...['1qaz2wsx3edc4rfv5tgb6yhn7ujm', '147258369', '5201314', '13145200', '112233445566778899'],
].flatMap((run) => [run, [...run].reverse().join('')]);
const shortestRun = 3;
/** So many letters or ideographs that nobody guesses must be left. */
const fewestLeft = 4;

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

/** Nothing but well-known words, runs of keys, dates and numbers, or one piece again and again. */
function isCommon(lower: string): boolean {
  if (/^(.{1,5})\1+.{0,4}$/u.test(lower)) return true;
  const plain = spelled(lower);
  const left = [withoutKnown(lower), withoutKnown(plain)].map(
    (rest) => [...rest.replaceAll(/[^\p{L}]/gu, '')].length,
  );
  const isKnown = withoutKnown(lower) !== lower || withoutKnown(plain) !== plain;
  const hasLetters = /\p{L}/u.test(lower);
  return !hasLetters || (isKnown && Math.min(...left) < fewestLeft);
}

/** p@ssw0rd → password. */
function spelled(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    ...{ '@': 'a', '4': 'a', '3': 'e', '1': 'l', '!': 'i', '0': 'o', $: 's', '5': 's', '7': 't' },
  };
  return [...text].map((sign) => signs[sign] ?? sign).join('');
}

function withoutKnown(text: string): string {
  let rest = longestFirst.reduce((left, word) => left.replaceAll(word, ' '), text);
  for (const run of runs) {
    for (let length = run.length; length >= shortestRun; length -= 1) {
      for (let from = 0; from + length <= run.length; from += 1) {
        rest = rest.replaceAll(run.slice(from, from + length), ' ');
      }
    }
  }
  return rest;
}
