import type { Flow } from '../../content/index.ts';
import { billNodes } from './bills.ts';
import { informationNodes } from './information.ts';

type Nodes = Flow['nodes'];

const mainNodes: Nodes = {
  welcome: { type: 'say', text: { 'zh-CN': '{greeting}', en: '{greeting}' }, next: 'main' },
  main: {
    type: 'menu',
    text: {
      'zh-CN':
        '查询账单请按1。报修请按2。投诉建议请按3。查询进度请按4。资料查询请按5。预约与租售请按6。留言请按7。[en]For English, press 8.[/en]紧急情况请按9。人工服务请按0。',
      en: 'For bills, press 1. For repairs, press 2. For complaints and suggestions, press 3. For the progress of your orders, press 4. For information, press 5. For bookings and listings, press 6. To leave a message, press 7. [zh-CN]中文服务请按8。[/zh-CN] In an emergency, press 9. For an agent, press 0.',
    },
    keys: {
      '1': 'bills',
      '2': 'repair',
      '3': 'opinion',
      '4': 'progress',
      '5': 'info',
      '6': 'later',
      '7': 'message',
      '8': 'otherLanguage',
      '9': 'emergency',
      '0': 'agent',
      '*': 'main',
    },
    silent: 'goodbye',
  },
  otherLanguage: { type: 'language', to: 'other', next: 'main' },
  later: {
    type: 'say',
    text: {
      'zh-CN': '该项服务正在准备中，请留言，我们会尽快给您回电。',
      en: 'This service is being prepared. Please leave a message and we will call you back.',
    },
    next: 'message',
  },
  agent: { type: 'transfer', to: 'agent', talked: 'rateAgent', failure: 'noAgent' },
  rateAgent: {
    type: 'survey',
    survey: 'service',
    text: {
      'zh-CN':
        '请为本次服务评分。非常满意请按1，满意请按2，一般请按3，不满意请按4，非常不满意请按5。',
      en: 'Please rate this call. Very good, press 1. Good, press 2. Fair, press 3. Poor, press 4. Very poor, press 5.',
    },
    scores: { '1': 5, '2': 4, '3': 3, '4': 2, '5': 1 },
    attempts: 1,
    timeoutSec: 5,
    next: 'rated',
    failure: 'goodbye',
  },
  rated: {
    type: 'hangup',
    text: { 'zh-CN': '感谢您的评价，再见。', en: 'Thank you for your answer. Goodbye.' },
  },
  noAgent: {
    type: 'say',
    text: {
      'zh-CN': '抱歉，现在没有客服人员可以接听。',
      en: 'Sorry, nobody can take your call right now.',
    },
    next: 'message',
  },
  goodbye: {
    type: 'hangup',
    text: { 'zh-CN': '感谢您的来电，再见。', en: 'Thank you for calling. Goodbye.' },
  },
};

/** How far one's own orders are; the PIN comes first, as for bills. */
const progressNodes: Nodes = {
  progress: {
    type: 'lookup',
    what: 'homes',
    on: { none: 'progressUnknown', one: 'progressPin', many: 'progressChoose' },
  },
  progressUnknown: {
    type: 'say',
    text: {
      'zh-CN': '您的来电号码尚未登记，无法查询进度。请留下您的姓名和房号，我们会尽快给您回电。',
      en: 'Your number is not registered, so we cannot read out your orders. Please leave your name and room, and we will call you back.',
    },
    next: 'message',
  },
  progressChoose: {
    type: 'choose',
    text: {
      'zh-CN': '您名下有多处房屋。{homes:choices}',
      en: 'You have several homes. {homes:choices}',
    },
    from: 'homes',
    into: 'home',
    next: 'progressPin',
  },
  progressPin: {
    type: 'pin',
    text: {
      'zh-CN': '请输入您的电话密码，按井号键结束。',
      en: 'Please enter your phone PIN, then press the pound key.',
    },
    wrong: {
      'zh-CN': '密码不正确，您还可以输入{triesLeft:count}次。',
      en: 'That PIN is not right. Tries left: {triesLeft:number}.',
    },
    ok: 'progressLookup',
    locked: 'billsLocked',
    unset: 'billsUnset',
  },
  progressLookup: {
    type: 'lookup',
    what: 'orders',
    on: { none: 'progressNone', some: 'progressRead' },
  },
  progressNone: {
    type: 'say',
    text: { 'zh-CN': '您没有处理中的工单。', en: 'You have no open orders.' },
    next: 'main',
  },
  progressRead: {
    type: 'menu',
    text: {
      'zh-CN': '{orders:orders}重听请按1，返回主菜单请按星号键。',
      en: '{orders:orders} To hear them again, press 1. For the main menu, press star.',
    },
    keys: { '1': 'progressRead' },
    failure: 'goodbye',
  },
};

const repairNodes: Nodes = {
  repair: {
    type: 'lookup',
    what: 'homes',
    on: { none: 'repairUnknown', one: 'repairKind', many: 'repairChoose' },
  },
  repairUnknown: {
    type: 'say',
    text: {
      'zh-CN': '您的来电号码尚未登记，录音时请说明您的姓名和房号。',
      en: 'Your number is not registered. When you speak, please give your name and room.',
    },
    next: 'repairKind',
  },
  repairChoose: {
    type: 'choose',
    text: {
      'zh-CN': '请选择报修的房屋。{homes:choices}',
      en: 'Which home needs the repair? {homes:choices}',
    },
    from: 'homes',
    into: 'home',
    next: 'repairKind',
  },
  repairKind: {
    type: 'menu',
    text: {
      'zh-CN': '水路报修请按1。电路报修请按2。燃气报修请按3。房屋报修请按4。其他报修请按5。',
      en: 'For water, press 1. For electricity, press 2. For gas, press 3. For the house itself, press 4. For anything else, press 5.',
    },
    keys: {
      '1': { to: 'repairSpeak', set: { category: 'water', categoryName: '水路' } },
      '2': { to: 'repairSpeak', set: { category: 'electricity', categoryName: '电路' } },
      '3': { to: 'repairSpeak', set: { category: 'gas', categoryName: '燃气' } },
      '4': { to: 'repairSpeak', set: { category: 'house', categoryName: '房屋' } },
      '5': { to: 'repairSpeak', set: { category: 'other', categoryName: '其他' } },
    },
  },
  repairSpeak: {
    type: 'record',
    purpose: 'repair',
    text: {
      'zh-CN': '请在提示音后说明故障情况，说完请按井号键。',
      en: 'After the tone, please describe the fault, then press the pound key.',
    },
    retry: { 'zh-CN': '没有听到您的声音。', en: 'I could not hear you.' },
    limitSec: 180,
    silenceSec: 3,
    next: 'repairOrder',
    empty: 'repairSilent',
  },
  /** Nothing spoken is still a repair: somebody calls back. */
  repairSilent: { type: 'set', values: { recordingId: '' }, next: 'repairOrder' },
  repairOrder: {
    type: 'order',
    kind: 'repair',
    category: '{category}',
    summary: '{categoryName}报修（电话语音）',
    outcome: 'order_made',
    next: 'repairDone',
  },
  repairDone: {
    type: 'menu',
    text: {
      'zh-CN': '报修已登记，工单号{orderNumber:order}。重听请按1，返回主菜单请按星号键。',
      en: 'Your repair is registered. The order number is {orderNumber:order}. To hear it again, press 1. For the main menu, press star.',
    },
    keys: { '1': 'repairDone' },
    failure: 'goodbye',
  },
};

const messageNodes: Nodes = {
  opinion: {
    type: 'menu',
    text: {
      'zh-CN': '投诉请按1。建议请按2。',
      en: 'For a complaint, press 1. For a suggestion, press 2.',
    },
    keys: {
      '1': { to: 'opinionSpeak', set: { kind: 'complaint', kindName: '投诉' } },
      '2': { to: 'opinionSpeak', set: { kind: 'suggestion', kindName: '建议' } },
    },
  },
  opinionSpeak: {
    type: 'record',
    purpose: 'complaint',
    text: {
      'zh-CN': '请在提示音后讲话，说完请按井号键。',
      en: 'Please speak after the tone, then press the pound key.',
    },
    retry: { 'zh-CN': '没有听到您的声音。', en: 'I could not hear you.' },
    limitSec: 180,
    silenceSec: 5,
    next: 'opinionOrder',
    empty: 'goodbye',
  },
  opinionOrder: {
    type: 'order',
    kind: '{kind}',
    category: 'phone',
    summary: '{kindName}（电话语音）',
    outcome: 'order_made',
    next: 'repairDone',
  },
  emergency: { type: 'transfer', to: 'emergency', failure: 'emergencySpeak' },
  emergencySpeak: {
    type: 'record',
    purpose: 'repair',
    text: {
      'zh-CN':
        '值班人员正忙。请在提示音后说明地点和险情，我们会立即处理。如有生命危险，请拨打幺幺零或者幺幺九。',
      en: 'The duty officer is busy. After the tone, say where you are and what happened; we act at once. If life is in danger, dial 1 1 0 or 1 1 9.',
    },
    retry: { 'zh-CN': '没有听到您的声音。', en: 'I could not hear you.' },
    limitSec: 120,
    silenceSec: 4,
    next: 'emergencyOrder',
    empty: 'emergencySilent',
  },
  emergencySilent: { type: 'set', values: { recordingId: '' }, next: 'emergencyOrder' },
  emergencyOrder: {
    type: 'order',
    kind: 'emergency',
    category: 'phone',
    severity: 'serious',
    summary: '紧急情况（电话语音）',
    outcome: 'order_made',
    next: 'repairDone',
  },
  message: {
    type: 'record',
    purpose: 'message',
    text: {
      'zh-CN': '请在提示音后留言，说完请按井号键或直接挂机。',
      en: 'Please leave your message after the tone, then press the pound key or hang up.',
    },
    retry: { 'zh-CN': '没有听到您的声音。', en: 'I could not hear you.' },
    limitSec: 180,
    silenceSec: 5,
    next: 'messageOrder',
    empty: 'goodbye',
  },
  messageOrder: {
    type: 'order',
    kind: 'message',
    category: 'phone',
    summary: '电话留言',
    outcome: 'message_left',
    next: 'messageDone',
  },
  messageDone: {
    type: 'say',
    text: { 'zh-CN': '您的留言已收到。', en: 'We have received your message.' },
    next: 'goodbye',
  },
};

function mainFlow(id: string, name: string): Flow {
  return {
    id,
    name,
    languages: ['zh-CN', 'en'],
    start: 'welcome',
    failure: 'message',
    farewell: 'goodbye',
    keys: { '0': 'agent', '9': 'emergency', '*': 'main' },
    texts: {
      wrongKey: { 'zh-CN': '没有这个选项。', en: 'That is not one of the choices.' },
      noInput: { 'zh-CN': '没有收到您的按键。', en: 'I did not receive a key.' },
    },
    variables: {
      ...{ category: '', categoryName: '', kind: '', kindName: '', recordingId: '' },
      ...{ faxNumber: '', topic: '', article: '' },
    },
    limits: { attempts: 3, silences: 2, misses: 6, steps: 200, timeoutSec: 6 },
    nodes: {
      ...{ ...mainNodes, ...billNodes, ...progressNodes, ...informationNodes },
      ...{ ...repairNodes, ...messageNodes },
    },
  };
}

/** What the demo hotlines run. */
export const shippedFlows: readonly Flow[] = [
  mainFlow('main-jinxiu', '锦绣花园总机'),
  mainFlow('main-binjiang', '滨江一号总机'),
];
