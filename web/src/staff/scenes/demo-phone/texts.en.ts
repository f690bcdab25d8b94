import type { texts as zh } from './texts.zh-CN.ts';

export const texts: Readonly<Record<keyof typeof zh, string>> = {
  'demo.title': "Owner's telephone · demo",
  'demo.caller': 'Caller',
  'demo.answers': 'Rings when',
  'demo.answers.every': 'any number is called (stands for every owner)',
  'demo.answers.own': 'the number above is called',
  'demo.answers.nothing': 'never; it only calls',
  'demo.auto': 'Answer by itself, and press 1',
  'demo.waiting': 'Waiting to be called; or press Call',
  'demo.ringing': 'Ringing…',
  'demo.calls': 'calls {number}',
  'demo.answer': 'Answer',
  'demo.decline': 'Decline',
  'demo.calledHelp':
    "No carrier is set up: campaigns, callbacks and agents' calls ring here, and nobody outside is called. Declined counts as busy; left alone, it counts as no answer.",
  'demo.hotline': 'Dials',
  'demo.call': 'Call',
  'demo.ready': 'Press Call to start',
  'demo.dialling': 'Calling…',
  'demo.ended': 'Call ended',
  'demo.unavailable':
    'No demo telephone here: the service is not in demo mode, or the switch does not accept browser phones.',
  'demo.carrier':
    'No demo telephone here: calls come from a carrier (TRUNKS). DEMO_PHONES=true allows both.',
  'demo.switchedOff': 'No demo telephone here: DEMO_PHONES=false has switched them off.',
  'demo.wang': 'Wang Jianguo',
  'demo.wangNote': 'Jinxiu Garden 3-2-1201, two unpaid bills, PIN 2468',
  'demo.li': 'Li Xiuying',
  'demo.liNote': 'VIP, two homes, PIN 1357',
  'demo.unknown': 'Unknown caller',
  'demo.stranger': 'A number that is not on file; you can type any other',
  'demo.jinxiu': 'Jinxiu Garden',
  'demo.binjiang': 'Riverside One',
  'demo.help':
    'Menu: 1 bills, 2 repairs, 3 complaints, 7 message, 8 中文, 9 emergency, 0 agent.\nTo answer this call, log in as agent1 in another tab and sign in at the desk.',
};
