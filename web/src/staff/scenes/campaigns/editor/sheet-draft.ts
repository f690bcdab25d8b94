import type { AgentSheet } from '../../../../../../src/contract/campaigns/agent-sheet.ts';

/** A question of the agents' form as the editor holds it. */
export interface QuestionDraft {
  /** What the answers are kept under; made when the question is new. */
  key?: string;
  zh: string;
  en: string;
  kind: 'text' | 'choice';
  options: string[];
  isRequired: boolean;
}

export interface ResultDraft {
  code?: string;
  zh: string;
  en: string;
}

export interface SheetDraft {
  scriptZh: string;
  scriptEn: string;
  questions: QuestionDraft[];
  results: ResultDraft[];
}

export const newQuestion: QuestionDraft = {
  ...{ zh: '', en: '', kind: 'text', options: [], isRequired: false },
};

/** What agents see until the author writes something else. */
export const usualSheet: SheetDraft = {
  scriptZh: '您好，这里是物业服务中心，请问现在方便和您说几句吗？',
  scriptEn: 'Hello, this is the property service. Do you have a minute?',
  questions: [],
  results: [
    { code: 'done', zh: '已办结', en: 'Done' },
    { code: 'call_again', zh: '预约再联系', en: 'Call again' },
    { code: 'not_interested', zh: '无意向', en: 'Not interested' },
    { code: 'wrong_person', zh: '非本人', en: 'Wrong person' },
  ],
};

export function fromSheet(sheet: AgentSheet | undefined): SheetDraft {
  if (sheet === undefined) return usualSheet;
  const { script, fields, dispositions } = sheet;
  return {
    scriptZh: script['zh-CN'],
    scriptEn: script.en,
    questions: fields.map(({ key, label, options, isRequired }) => ({
      ...{ key, zh: label['zh-CN'], en: label.en, isRequired, options: [...(options ?? [])] },
      kind: options === undefined ? 'text' : 'choice',
    })),
    results: dispositions.map(({ code, label }) => ({ code, zh: label['zh-CN'], en: label.en })),
  };
}

/** Answers and results stay under the keys that they have; new ones get keys that are free. */
export function toSheet({ scriptZh, scriptEn, questions, results }: SheetDraft): AgentSheet {
  const keys = new Set(questions.map(({ key }) => key));
  const codes = new Set(results.map(({ code }) => code));
  return {
    script: { 'zh-CN': scriptZh.trim(), en: scriptEn.trim() },
    fields: questions.map(({ key, zh, en, kind, options, isRequired }) => ({
      key: key ?? free(keys, (number) => `question${number}`),
      label: { 'zh-CN': zh.trim(), en: en.trim() },
      ...(kind === 'choice' ? { options: [...options] } : {}),
      isRequired,
    })),
    dispositions: results.map(({ code, zh, en }) => ({
      code: code ?? free(codes, (number) => `result_${letters(number)}`),
      label: { 'zh-CN': zh.trim(), en: en.trim() },
    })),
  };
}

function free(taken: Set<string | undefined>, name: (number: number) => string): string {
  let number = 1;
  while (taken.has(name(number))) number += 1;
  taken.add(name(number));
  return name(number);
}

/** Codes of results have no digits: a, b … z, za, zb … */
function letters(number: number): string {
  const rest = number - 1;
  return 'z'.repeat(Math.floor(rest / 25)) + String.fromCharCode(97 + (rest % 25));
}
