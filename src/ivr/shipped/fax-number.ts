import type { Flow } from '../../content/index.ts';

/** Asks for the number of a fax machine, for whatever is to be sent there. */
export function askFaxNumber(next: string): Flow['nodes'][string] {
  return {
    type: 'collect',
    text: {
      'zh-CN': '请输入您的传真号码，按井号键结束。',
      en: 'Please enter your fax number, then press the pound key.',
    },
    into: 'faxNumber',
    minDigits: 3,
    maxDigits: 20,
    next,
    failure: 'goodbye',
  };
}
