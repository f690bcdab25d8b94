import { shippedFlows } from '../src/ivr/index.ts';
import type { Flow } from '../src/content/flows/definition.schema.ts';

/** The call that is measured: a menu, one key, an announcement, the end. */
export function benchFlow(): Flow {
  const [main] = shippedFlows;
  if (main === undefined) throw new Error('no flow is shipped');
  return {
    ...main,
    id: 'bench',
    name: 'bench',
    start: 'menu',
    failure: 'end',
    farewell: 'end',
    keys: {},
    variables: {},
    nodes: {
      menu: {
        type: 'menu',
        text: { 'zh-CN': '查询请按1。', en: 'For information, press 1.' },
        keys: { '1': 'end' },
      },
      end: {
        type: 'hangup',
        text: { 'zh-CN': '感谢您的来电，再见。', en: 'Thank you for calling. Goodbye.' },
      },
    },
  };
}
