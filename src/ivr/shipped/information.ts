import type { ArticleTopic } from '../../db/index.ts';
import type { Flow } from '../../content/index.ts';
import { askFaxNumber } from './fax-number.ts';

type Nodes = Flow['nodes'];

const about = (topic: ArticleTopic) => ({ to: 'infoFind', set: { topic } });

/** Ten topics on two pages, so that 0 and 9 go on leading to people. */
const topicNodes: Nodes = {
  info: {
    type: 'menu',
    text: {
      'zh-CN':
        '楼盘简介请按1。企业资料请按2。家居装饰请按3。政策法规请按4。购房指南请按5。更多主题请按6。',
      en: 'For the estate, press 1. For our company, press 2. For renovation and decorating, press 3. For laws and policies, press 4. For buying a home, press 5. For more topics, press 6.',
    },
    keys: {
      '1': about('estate_profile'),
      '2': about('company'),
      '3': about('decoration'),
      '4': about('policy'),
      '5': about('buying_guide'),
      '6': 'infoMore',
    },
  },
  infoMore: {
    type: 'menu',
    text: {
      'zh-CN':
        '生活服务请按1。办事指南请按2。街道介绍请按3。社区服务中心请按4。社区规章制度请按5。返回前面的主题请按6。',
      en: 'For everyday services, press 1. For how to get things done, press 2. For the neighbourhood, press 3. For the community service centre, press 4. For the estate rules, press 5. For the topics before, press 6.',
    },
    keys: {
      '1': about('daily_life'),
      '2': about('how_to'),
      '3': about('street'),
      '4': about('service_centre'),
      '5': about('rules'),
      '6': 'info',
    },
  },
};

const readNodes: Nodes = {
  infoFind: {
    type: 'lookup',
    what: 'articles',
    on: { none: 'infoNone', one: 'infoRead', many: 'infoCount' },
    failure: 'infoTrouble',
  },
  infoTrouble: {
    type: 'say',
    text: {
      'zh-CN': '抱歉，暂时无法查询资料。',
      en: 'Sorry, the information is not available right now.',
    },
    next: 'main',
  },
  infoNone: {
    type: 'menu',
    text: {
      'zh-CN':
        '“{topic:topic}”暂时没有资料。选择其他主题请按1。留言请按2。人工服务请按0。返回主菜单请按星号键。',
      en: 'There is nothing on this topic yet: {topic:topic}. For another topic, press 1. To leave a message, press 2. For an agent, press 0. For the main menu, press star.',
    },
    keys: { '1': 'info', '2': 'message' },
    failure: 'goodbye',
  },
  infoCount: {
    type: 'say',
    text: {
      'zh-CN': '共有{articleCount:count}篇资料。',
      en: 'There are {articleCount:number} articles.',
    },
    next: 'infoRead',
  },
  infoRead: {
    type: 'read',
    from: 'article',
    text: {
      'zh-CN': '重听请按1。下一篇请按2。接收传真请按3。返回主菜单请按星号键。人工服务请按0。',
      en: 'To hear it again, press 1. For the next article, press 2. To have it faxed, press 3. For the main menu, press star. For an agent, press 0.',
    },
    keys: { '1': 'infoRead', '2': 'infoNext', '3': 'infoFax' },
    gone: 'infoGone',
    failure: 'goodbye',
  },
  infoGone: {
    type: 'say',
    text: {
      'zh-CN': '这篇资料暂时无法播放。请选择其他主题。',
      en: 'This article cannot be played right now. Please choose another topic.',
    },
    next: 'info',
  },
  infoNext: {
    type: 'lookup',
    what: 'nextArticle',
    on: { some: 'infoRead', none: 'infoLast' },
    failure: 'infoTrouble',
  },
  infoLast: {
    type: 'say',
    text: {
      'zh-CN': '这个主题没有更多资料了。请选择其他主题。',
      en: 'That was the last article on this topic. Please choose another topic.',
    },
    next: 'info',
  },
};

/** The article in writing: by fax where the switch can, else as a text where a gateway is set up. */
const sendNodes: Nodes = {
  infoFax: {
    type: 'lookup',
    what: 'canFax',
    on: { yes: 'infoFaxWay', no: 'infoNoFax' },
    failure: 'infoNoFax',
  },
  infoFaxWay: {
    type: 'branch',
    by: { variable: 'isCallerKnown' },
    cases: { true: 'infoFaxOwn' },
    otherwise: 'infoFaxNumber',
  },
  infoFaxOwn: {
    type: 'menu',
    text: {
      'zh-CN': '传真至您的来电号码{callerNumber:digits}请按1。传真至其他号码请按2。',
      en: 'To have it faxed to the number you are calling from, {callerNumber:digits}, press 1. For another number, press 2.',
    },
    keys: {
      '1': { to: 'infoFaxSend', set: { faxNumber: '{callerNumber}' } },
      '2': 'infoFaxNumber',
    },
    failure: 'goodbye',
  },
  infoFaxNumber: askFaxNumber('infoFaxSend'),
  infoFaxSend: {
    type: 'lookup',
    what: 'faxArticle',
    on: { ok: 'infoFaxed', no: 'infoNoWay' },
    failure: 'infoNoWay',
  },
  infoFaxed: {
    type: 'say',
    text: {
      'zh-CN': '资料将传真至{faxNumber:digits}。',
      en: 'The article will be faxed to {faxNumber:digits}.',
    },
    next: 'main',
  },
  infoNoFax: {
    type: 'lookup',
    what: 'canText',
    on: { yes: 'infoText', no: 'infoNoWay' },
    failure: 'infoNoWay',
  },
  infoText: {
    type: 'menu',
    text: {
      'zh-CN': '目前无法发送传真。改用短信接收请按1。返回主菜单请按星号键。',
      en: 'We cannot send faxes at the moment. To get it as a text message instead, press 1. For the main menu, press star.',
    },
    keys: { '1': 'infoTextSend' },
    failure: 'goodbye',
  },
  infoTextSend: {
    type: 'lookup',
    what: 'textArticle',
    on: { ok: 'infoTexted', no: 'infoNoWay' },
    failure: 'infoNoWay',
  },
  infoTexted: {
    type: 'say',
    text: {
      'zh-CN': '短信将发送到您的来电号码。',
      en: 'The text message will be sent to the number you are calling from.',
    },
    next: 'main',
  },
  infoNoWay: {
    type: 'say',
    text: {
      'zh-CN': '对不起，目前无法发送这篇资料。',
      en: 'Sorry, we cannot send this article at the moment.',
    },
    next: 'main',
  },
};

/** What callers ask about: a topic, its articles aloud, and in writing. */
export const informationNodes: Nodes = { ...topicNodes, ...readNodes, ...sendNodes };
