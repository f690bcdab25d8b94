import type { Language } from './core/language.ts';

/** What the operator's terminal says while the product starts, in both languages. */
const texts = {
  postgres: {
    'zh-CN': '正在启动自带的 Postgres 数据库',
    en: 'starting the private Postgres',
  },
  migrated: {
    'zh-CN': '数据库结构已更新（{count} 步）',
    en: 'database brought up to date ({count} steps)',
  },
  demoData: {
    'zh-CN': '演示小区、业主和账单已生成',
    en: 'demo estates, owners and bills made',
  },
  demoAccounts: {
    'zh-CN': '演示账号 admin、supervisor、office、agent1 … agent6，密码 {password}',
    en: 'demo accounts admin, supervisor, office, agent1 … agent6 with the password {password}',
  },
  demoPassword: { 'zh-CN': '密码保存在 {path}', en: 'it is kept in {path}' },
  demoHistory: {
    'zh-CN':
      '演示数据：{from} 至 {to} 的通话、工单和外呼任务均为虚构，清除请运行 npm run admin -- --remove-demo-history',
    en: 'demo data: the calls, orders and campaigns from {from} to {to} are made up; npm run admin -- --remove-demo-history throws them away',
  },
  demoShutOut: {
    'zh-CN': 'DEMO=false：已停用 {count} 个演示账号。管理员账号用 npm run admin -- <用户名> 创建',
    en: 'DEMO=false: {count} demo accounts are shut out; npm run admin -- <username> makes an administrator',
  },
  switch: { 'zh-CN': '正在启动内置交换机', en: 'starting the embedded switch' },
  switchFound: {
    'zh-CN': '内置交换机仍在运行，通话已接管',
    en: 'found the embedded switch running, with its calls',
  },
  rendering: {
    'zh-CN': '正在合成语音提示，{done}/{of}',
    en: 'rendering announcements, {done} of {of}',
  },
  ready: { 'zh-CN': '已就绪，用时 {seconds} 秒', en: 'ready after {seconds} s' },
  open: { 'zh-CN': '请用浏览器打开 {url}', en: 'open {url} in a browser' },
  api: { 'zh-CN': '接口：{url}', en: 'API: {url}' },
  campaigns: {
    'zh-CN': '{count} 个外呼任务正在进行，将继续拨打：{names}',
    en: 'running campaigns, which dial on: {count} ({names})',
  },
  dial: {
    'zh-CN': '拨打热线 4000（127.0.0.1:{port}），例如：',
    en: 'dial the hotline 4000 at 127.0.0.1:{port}, for example:',
  },
  stopping: {
    'zh-CN': '正在停止；再按一次 Ctrl-C 立即退出',
    en: 'stopping; press Ctrl-C again to leave at once',
  },
} as const satisfies Record<string, Record<Language, string>>;

export type StartText = keyof typeof texts;
export type Tell = (what: StartText, values?: Readonly<Record<string, string | number>>) => void;

export const startTexts = Object.keys(texts) as StartText[];

/** Tells on standard output, line by line. */
export function createTell(
  language: Language,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Tell {
  return (what, values = {}) => {
    const text = texts[what][language].replace(/\{(\w+)\}/g, (_, name: string) =>
      String(values[name] ?? ''),
    );
    write(`聆听 · ${text}\n`);
  };
}

/** A caller as anybody may play one; whole, so that it can be copied. */
export function phoneCommand(sipPort: number): string {
  const port = sipPort === 5060 ? '' : ` --port ${sipPort}`;
  return `npm run phone -- 4000 --from 13800000001${port} --keys "!2,!1,speak,#,listen,hangup"`;
}
