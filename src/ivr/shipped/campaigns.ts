import type { Flow, Text } from '../../content/index.ts';

/**
 * What campaigns say. Known from the start: `greeting` (who calls), `name`, `estate`, `callback` (the
 * number to call back) and the campaign's own texts. Nothing of a debt is known before `facts`.
 */
type Nodes = Flow['nodes'];

/** 人工智能生成合成内容标识办法: synthetic speech says that it is. */
const label: Record<'zh-CN' | 'en', string> = {
  'zh-CN': '本次通话由智能语音合成播报。',
  en: 'This call uses a computer-generated voice.',
};

const endings: Nodes = {
  stop: { type: 'campaign', act: 'stopCalling', on: { ok: 'stopped' }, failure: 'goodbye' },
  stopped: {
    type: 'hangup',
    text: {
      'zh-CN': '已为您登记，今后不再拨打此类电话。打扰了，再见。',
      en: 'Noted. We will not make calls of this kind to you again. Goodbye.',
    },
    outcome: 'stopped_calling',
  },
  goodbye: {
    type: 'hangup',
    text: { 'zh-CN': '感谢您的接听，再见。', en: 'Thank you for your time. Goodbye.' },
  },
};

const people: Nodes = {
  agent: { type: 'transfer', to: 'agent', failure: 'callBack' },
  callBack: {
    type: 'order',
    kind: 'message',
    category: 'callback',
    summary: '外呼来电要求人工回电',
    outcome: 'message_left',
    next: 'callBackDone',
    failure: 'goodbye',
  },
  callBackDone: {
    type: 'campaign',
    act: 'confirm',
    on: { ok: 'callBackSaid' },
    failure: 'goodbye',
  },
  callBackSaid: {
    type: 'hangup',
    text: {
      'zh-CN': '现在没有客服人员可以接听，已为您登记，我们会尽快回电。再见。',
      en: 'Nobody can take the call right now. We have noted it and will call you back. Goodbye.',
    },
  },
};

/** Said twice: the tone after which a machine records may come in the middle of the first. */
function machineNodes(text: Text): Nodes {
  const twice = (words: string | undefined) => `${words ?? ''} ${words ?? ''}`;
  return {
    machine: {
      type: 'campaign',
      act: 'machine',
      on: { message: 'machineMessage', hangUp: 'machineEnd' },
      failure: 'machineEnd',
    },
    machineMessage: {
      type: 'hangup',
      text: { 'zh-CN': twice(text['zh-CN']), en: twice(text.en) },
      outcome: 'machine',
    },
    machineEnd: { type: 'hangup', outcome: 'machine' },
  };
}

function campaign(id: string, name: string, start: string, keys: Flow['keys'], nodes: Nodes): Flow {
  return {
    id,
    name,
    languages: ['zh-CN', 'en'],
    start,
    failure: 'goodbye',
    farewell: 'goodbye',
    machine: 'machine',
    keys,
    texts: {
      wrongKey: { 'zh-CN': '没有这个选项。', en: 'That is not one of the choices.' },
      noInput: { 'zh-CN': '没有收到您的按键。', en: 'I did not receive a key.' },
    },
    variables: { days: '', score: 0 },
    limits: { attempts: 2, misses: 4, steps: 60, timeoutSec: 6 },
    nodes,
  };
}

const arrears = campaign(
  'campaign-arrears',
  '欠费提醒',
  'hello',
  { '0': 'agent', '9': 'stop' },
  {
    ...endings,
    ...people,
    ...machineNodes({
      'zh-CN': '您好，{greeting}有一件关于您房屋的事宜，请您方便时回电{callback:digits}。',
      en: 'Hello. {greeting} We have news about your home. Please call back on {callback:digits}.',
    }),
    hello: {
      type: 'menu',
      text: {
        'zh-CN': `{greeting}${label['zh-CN']}请问您是{name}本人吗？本人请按1。不是本人请按2。不希望再接到此类来电请按9。`,
        en: `{greeting} ${label.en} Am I speaking to {name}? If so, press 1. If not, press 2. For no more calls of this kind, press 9.`,
      },
      keys: { '1': 'facts', '2': 'wrong' },
    },
    wrong: { type: 'campaign', act: 'wrongPerson', on: { ok: 'wrongSaid' } },
    wrongSaid: {
      type: 'hangup',
      text: { 'zh-CN': '打扰了，再见。', en: 'Sorry to have troubled you. Goodbye.' },
      outcome: 'wrong_person',
    },
    facts: { type: 'campaign', act: 'facts', on: { owing: 'amount', paid: 'paid' } },
    paid: { type: 'campaign', act: 'confirm', on: { ok: 'paidSaid' } },
    paidSaid: {
      type: 'hangup',
      text: {
        'zh-CN': '您的费用已经结清，感谢您的支持，再见。',
        en: 'Everything is paid. Thank you, and goodbye.',
      },
    },
    amount: {
      type: 'menu',
      text: {
        'zh-CN':
          '{room:room}有{count:count}笔费用尚未缴纳。{unpaid:bills}合计{total:money}。已知晓请按1。告知缴费日期请按2。对费用有异议请按3。短信接收缴费链接请按4。重听请按5。人工服务请按0。',
        en: 'For {room:room}, bills not paid yet: {count:number}. {unpaid:bills} In total {total:money}. If you have understood, press 1. To tell us when you will pay, press 2. If you do not agree, press 3. For a payment link by text message, press 4. To hear this again, press 5. For an agent, press 0.',
      },
      keys: { '1': 'confirm', '2': 'promise', '3': 'dispute', '4': 'link', '5': 'amount' },
    },
    confirm: { type: 'campaign', act: 'confirm', on: { ok: 'confirmed' } },
    confirmed: {
      type: 'hangup',
      text: {
        'zh-CN': '感谢您的确认，请您方便时缴费，再见。',
        en: 'Thank you. Please pay when it suits you. Goodbye.',
      },
      outcome: 'confirmed',
    },
    promise: {
      type: 'menu',
      text: {
        'zh-CN': '今天缴费请按1。三天内请按2。七天内请按3。十五天内请按4。',
        en: 'To pay today, press 1. Within three days, press 2. Within seven days, press 3. Within fifteen days, press 4.',
      },
      keys: {
        '1': { to: 'promiseNote', set: { days: '0' } },
        '2': { to: 'promiseNote', set: { days: '3' } },
        '3': { to: 'promiseNote', set: { days: '7' } },
        '4': { to: 'promiseNote', set: { days: '15' } },
      },
      failure: 'confirm',
    },
    promiseNote: {
      type: 'campaign',
      act: 'promise',
      value: '{days}',
      on: { ok: 'promised' },
      failure: 'confirm',
    },
    promised: {
      type: 'hangup',
      text: {
        'zh-CN': '已登记您在{promisedOn:date}之前缴费，在此之前不再就此来电。感谢您，再见。',
        en: 'Noted: you will pay by {promisedOn:date}. We will not call about it before then. Thank you, and goodbye.',
      },
      outcome: 'promised',
    },
    dispute: {
      type: 'order',
      kind: 'complaint',
      category: 'bill',
      summary: '业主对费用有异议（欠费提醒电话）',
      outcome: 'disputed',
      next: 'disputeNote',
      failure: 'agent',
    },
    disputeNote: { type: 'campaign', act: 'dispute', on: { ok: 'disputed' } },
    disputed: {
      type: 'hangup',
      text: {
        'zh-CN': '已为您登记，工单号{orderNumber:order}。核实之前不再就此来电。再见。',
        en: 'Registered under order number {orderNumber:order}. We will not call about it before it has been checked. Goodbye.',
      },
      outcome: 'disputed',
    },
    link: { type: 'campaign', act: 'paymentLink', on: { ok: 'linkSaid' }, failure: 'confirm' },
    linkSaid: {
      type: 'hangup',
      text: {
        'zh-CN': '缴费链接已发送到您的手机，感谢您，再见。',
        en: 'The payment link is on its way to your phone. Thank you, and goodbye.',
      },
      outcome: 'link_sent',
    },
  },
);

const notice = campaign(
  'campaign-notice',
  '通知',
  'hello',
  { '9': 'stop' },
  {
    ...endings,
    ...machineNodes({ 'zh-CN': '{greeting}{message}', en: '{greeting} {message}' }),
    hello: {
      type: 'menu',
      text: {
        'zh-CN': `{greeting}${label['zh-CN']}{message}听清请按1。重听请按2。不希望再接到此类来电请按9。`,
        en: `{greeting} ${label.en} {message} If you have understood, press 1. To hear it again, press 2. For no more calls of this kind, press 9.`,
      },
      keys: { '1': 'confirm', '2': 'hello' },
    },
    confirm: { type: 'campaign', act: 'confirm', on: { ok: 'confirmed' } },
    confirmed: {
      type: 'hangup',
      text: { 'zh-CN': '感谢您的确认，再见。', en: 'Thank you. Goodbye.' },
      outcome: 'confirmed',
    },
  },
);

const morningCall = campaign(
  'campaign-morning-call',
  '叫醒服务',
  'hello',
  { '9': 'stop' },
  {
    ...endings,
    ...machineNodes({ 'zh-CN': '{greeting}{message}', en: '{greeting} {message}' }),
    hello: {
      type: 'menu',
      text: {
        'zh-CN': `早上好，{name}。{greeting}${label['zh-CN']}{message}已经起床请按1。重听请按2。取消此项服务请按9。`,
        en: `Good morning, {name}. {greeting} ${label.en} {message} If you are up, press 1. To hear it again, press 2. To cancel this service, press 9.`,
      },
      keys: { '1': 'confirm', '2': 'hello' },
    },
    confirm: { type: 'campaign', act: 'confirm', on: { ok: 'confirmed' } },
    confirmed: {
      type: 'hangup',
      text: { 'zh-CN': '祝您一天顺利，再见。', en: 'Have a good day. Goodbye.' },
      outcome: 'confirmed',
    },
  },
);

const scores = { '1': 1, '2': 2, '3': 3, '4': 4, '5': 5 };

function question(number: number): Nodes {
  const scale: Text = {
    'zh-CN': `{question${number}}非常满意请按5。满意请按4。一般请按3。不满意请按2。很不满意请按1。`,
    en: `{question${number}} For very good press 5, good 4, fair 3, poor 2, very poor 1.`,
  };
  return {
    [`ask${number}`]: {
      type: 'survey',
      text: scale,
      survey: 'campaign',
      scores,
      next: `note${number}`,
    },
    [`note${number}`]: {
      type: 'campaign',
      act: 'score',
      value: `${number}:{score}`,
      on: { next: number < 5 ? `ask${number + 1}` : 'thanks', done: 'thanks' },
    },
  };
}

const thanks: Nodes = {
  thanks: {
    type: 'hangup',
    text: {
      'zh-CN': '感谢您的评价，我们会继续努力，再见。',
      en: 'Thank you for your answers. Goodbye.',
    },
    outcome: 'survey_answered',
  },
};

const survey = campaign(
  'campaign-survey',
  '满意度调查',
  'hello',
  { '9': 'stop' },
  {
    ...endings,
    ...thanks,
    ...machineNodes({ 'zh-CN': '{greeting}', en: '{greeting}' }),
    hello: {
      type: 'menu',
      text: {
        'zh-CN': `{greeting}${label['zh-CN']}想占用您一分钟，请您对我们的服务作出评价。愿意请按1。现在不方便请按2。不希望再接到此类来电请按9。`,
        en: `{greeting} ${label.en} May we ask you about our service? It takes a minute. To take part, press 1. If it does not suit you now, press 2. For no more calls of this kind, press 9.`,
      },
      keys: { '1': 'ask1', '2': 'goodbye' },
    },
    ...question(1),
    ...question(2),
    ...question(3),
    ...question(4),
    ...question(5),
  },
);

const returnVisit = campaign(
  'campaign-return-visit',
  '报修回访',
  'hello',
  { '0': 'agent', '9': 'stop' },
  {
    ...endings,
    ...people,
    ...thanks,
    ...machineNodes({ 'zh-CN': '{greeting}', en: '{greeting}' }),
    hello: {
      type: 'menu',
      text: {
        'zh-CN': `{greeting}${label['zh-CN']}您的报修工单{orderNumber:order}已经处理，请问问题解决了吗？已解决请按1。没有解决请按2。人工服务请按0。不希望再接到此类来电请按9。`,
        en: `{greeting} ${label.en} Your repair {orderNumber:order} has been attended to. Is the fault mended? If so, press 1. If not, press 2. For an agent, press 0. For no more calls of this kind, press 9.`,
      },
      keys: { '1': 'repaired', '2': 'notRepaired' },
    },
    repaired: { type: 'campaign', act: 'repaired', on: { ok: 'ask1' } },
    notRepaired: { type: 'campaign', act: 'notRepaired', on: { ok: 'reopened' } },
    reopened: {
      type: 'hangup',
      text: {
        'zh-CN': '非常抱歉，我们已重新安排处理，会尽快与您联系。再见。',
        en: 'We are sorry. It has been taken up again, and we will be in touch soon. Goodbye.',
      },
      outcome: 'not_repaired',
    },
    ...question(1),
    note1: {
      type: 'campaign',
      act: 'score',
      value: '1:{score}',
      on: { next: 'thanks', done: 'thanks' },
    },
  },
);

const agentList = campaign(
  'campaign-agent',
  '坐席外呼',
  'hello',
  { '9': 'stop' },
  {
    ...endings,
    ...machineNodes({ 'zh-CN': '{greeting}', en: '{greeting}' }),
    hello: {
      type: 'say',
      text: {
        'zh-CN': `{greeting}${label['zh-CN']}正在为您接通客服人员。`,
        en: `{greeting} ${label.en} We are connecting you with our agent.`,
      },
      next: 'agent',
    },
    agent: { type: 'transfer', to: 'agent', failure: 'abandoned' },
    abandoned: { type: 'campaign', act: 'abandoned', on: { ok: 'abandonedSaid' } },
    abandonedSaid: {
      type: 'menu',
      text: {
        'zh-CN':
          '{greeting}很抱歉，现在没有客服人员可以与您通话，我们会另行联系。您也可以回电{callback:digits}。不希望再接到此类来电请按9。',
        en: '{greeting} We are sorry that no agent is free now; we will be in touch. You can also call {callback:digits}. For no more calls of this kind, press 9.',
      },
      keys: {},
      attempts: 1,
    },
  },
);

/** Shipped scripts of campaigns. */
export const campaignFlows: readonly Flow[] = [
  arrears,
  notice,
  morningCall,
  survey,
  returnVisit,
  agentList,
];
