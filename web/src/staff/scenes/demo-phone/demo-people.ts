import type { MessageKey } from '../../../shared/i18n/i18n.ts';

interface DemoCaller {
  number: string;
  name: MessageKey;
  note: MessageKey;
}

/** The owners whom the manual calls by name, and a stranger. */
export const demoCallers: readonly [DemoCaller, ...DemoCaller[]] = [
  { number: '13800000001', name: 'demo.wang', note: 'demo.wangNote' },
  { number: '13900000002', name: 'demo.li', note: 'demo.liNote' },
  { number: '13712340000', name: 'demo.unknown', note: 'demo.stranger' },
];

interface DemoHotline {
  number: string;
  name: MessageKey;
}

export const demoHotlines: readonly [DemoHotline, ...DemoHotline[]] = [
  { number: '4000', name: 'demo.jinxiu' },
  { number: '4100', name: 'demo.binjiang' },
];
