import type { Flow } from '../../content/index.ts';
import { askFaxNumber } from './fax-number.ts';

/** What is owed: heard after the PIN, and by fax where the switch can. */
export const billNodes: Flow['nodes'] = {
  bills: {
    type: 'lookup',
    what: 'homes',
    on: { none: 'billsUnknown', one: 'billsPin', many: 'billsChoose' },
  },
  billsUnknown: {
    type: 'say',
    text: {
      'zh-CN': '您的来电号码尚未登记，无法查询账单。请留下您的姓名和房号，我们会尽快给您回电。',
      en: 'Your number is not registered, so we cannot read out bills. Please leave your name and room, and we will call you back.',
    },
    next: 'message',
  },
  billsChoose: {
    type: 'choose',
    text: {
      'zh-CN': '您名下有多处房屋。{homes:choices}',
      en: 'You have several homes. {homes:choices}',
    },
    from: 'homes',
    into: 'home',
    next: 'billsPin',
  },
  billsPin: {
    type: 'pin',
    text: {
      'zh-CN': '请输入您的电话密码，按井号键结束。',
      en: 'Please enter your phone PIN, then press the pound key.',
    },
    wrong: {
      'zh-CN': '密码不正确，您还可以输入{triesLeft:count}次。',
      en: 'That PIN is not right. Tries left: {triesLeft:number}.',
    },
    ok: 'billsLookup',
    locked: 'billsLocked',
    unset: 'billsUnset',
  },
  billsLocked: {
    type: 'say',
    text: {
      'zh-CN': '密码多次输错，为保护您的账户，已暂时锁定，请稍后再试。',
      en: 'The PIN was wrong several times. To protect your account it is locked for a while. Please try again later.',
    },
    next: 'main',
  },
  billsUnset: {
    type: 'say',
    text: {
      'zh-CN': '您还没有设置电话密码，请留言，我们会与您联系办理。',
      en: 'You have no phone PIN yet. Please leave a message and we will arrange one with you.',
    },
    next: 'message',
  },
  billsLookup: { type: 'lookup', what: 'bills', on: { none: 'billsNone', some: 'billsRead' } },
  billsNone: {
    type: 'branch',
    by: { variable: 'laterCount' },
    cases: { '0': 'billsNothing' },
    otherwise: 'billsLater',
  },
  billsNothing: {
    type: 'say',
    text: { 'zh-CN': '您没有未缴账单。', en: 'You have no unpaid bills.' },
    next: 'main',
  },
  billsLater: {
    type: 'say',
    text: {
      'zh-CN': '您目前没有到期未缴的账单。尚未到期的有{laterCount:count}笔。{later:bills}',
      en: 'Nothing is due now. Not due yet: {laterCount:number}. {later:bills}',
    },
    next: 'main',
  },
  billsRead: {
    type: 'menu',
    text: {
      'zh-CN':
        '您有{count:count}笔未缴账单。{unpaid:bills}合计{total:money}。重听请按1，传真账单请按2，返回主菜单请按星号键。',
      en: 'Unpaid bills: {count:number}. {unpaid:bills} In total {total:money}. To hear them again, press 1. To have them faxed, press 2. For the main menu, press star.',
    },
    keys: { '1': 'billsRead', '2': 'billsFax' },
    failure: 'goodbye',
  },
  billsFax: { type: 'lookup', what: 'canFax', on: { yes: 'billsFaxNumber', no: 'billsNoFax' } },
  billsNoFax: {
    type: 'say',
    text: {
      'zh-CN': '对不起，目前无法发送传真。',
      en: 'Sorry, we cannot send faxes at the moment.',
    },
    next: 'main',
  },
  billsFaxNumber: askFaxNumber('billsFaxSend'),
  billsFaxSend: { type: 'lookup', what: 'faxBills', on: { ok: 'billsFaxed', no: 'billsNoFax' } },
  billsFaxed: {
    type: 'say',
    text: {
      'zh-CN': '账单将传真至{faxNumber:digits}。',
      en: 'Your bills will be faxed to {faxNumber:digits}.',
    },
    next: 'main',
  },
};
