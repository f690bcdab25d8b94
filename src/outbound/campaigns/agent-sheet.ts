import type { AgentSheet, NewOutcome } from '../../contract/campaigns/agent-sheet.ts';
import type { CampaignSettings } from '../../contract/campaigns/campaigns.ts';
import { OutcomeError, SheetError } from './campaign.errors.ts';

/** What agents see when a campaign brings no sheet of its own. */
const usualSheet: AgentSheet = {
  script: {
    'zh-CN': '您好，这里是物业服务中心，请问现在方便和您说几句吗？',
    en: 'Hello, this is the property service. Do you have a minute?',
  },
  fields: [],
  dispositions: [
    { code: 'done', label: { 'zh-CN': '已办结', en: 'Done' } },
    { code: 'call_again', label: { 'zh-CN': '预约再联系', en: 'Call again' } },
    { code: 'not_interested', label: { 'zh-CN': '无意向', en: 'Not interested' } },
    { code: 'wrong_person', label: { 'zh-CN': '非本人', en: 'Wrong person' } },
  ],
};

export function sheetOf({ sheet }: CampaignSettings): AgentSheet {
  return sheet ?? usualSheet;
}

/** Throws `campaign.bad_sheet` when two things could not be told apart. */
export function checkSheet({ fields, dispositions }: AgentSheet): void {
  refuseTwins(
    'settings.sheet.fields',
    fields.map(({ key }) => key),
  );
  refuseTwins(
    'settings.sheet.dispositions',
    dispositions.map(({ code }) => code),
  );
  for (const { key, options } of fields) {
    if (options?.length === 0) {
      throw new SheetError(
        `settings.sheet.fields.${key}.options`,
        `The question "${key}" has no choices; name some, or leave "options" out for free text.`,
      );
    }
    refuseTwins(`settings.sheet.fields.${key}.options`, options ?? []);
  }
}

function refuseTwins(field: string, names: readonly string[]): void {
  const twin = names.find((name, at) => names.indexOf(name) !== at);
  if (twin !== undefined) throw new SheetError(field, `"${twin}" stands twice in "${field}".`);
}

/** Throws `campaign.bad_outcome` for what does not fit the sheet. */
export function checkOutcome(sheet: AgentSheet, outcome: NewOutcome, now: Date): void {
  const codes = sheet.dispositions.map((one) => one.code);
  if (!codes.includes(outcome.disposition)) {
    throw new OutcomeError('disposition', `"disposition" is one of ${codes.join(', ')}.`);
  }
  const answers = outcome.answers ?? {};
  const unknown = Object.keys(answers).find((key) => !sheet.fields.some((one) => one.key === key));
  if (unknown !== undefined) {
    throw new OutcomeError(`answers.${unknown}`, `The sheet has no field "${unknown}".`);
  }
  for (const { key, options, isRequired } of sheet.fields) {
    const answer = answers[key] ?? '';
    if (answer === '' && isRequired) {
      throw new OutcomeError(`answers.${key}`, `The field "${key}" has to be filled in.`);
    }
    if (answer !== '' && options !== undefined && !options.includes(answer)) {
      throw new OutcomeError(`answers.${key}`, `"${key}" is one of ${options.join(', ')}.`);
    }
  }
  const { callAgainAt } = outcome;
  if (callAgainAt != null && new Date(callAgainAt) <= now) {
    throw new OutcomeError('callAgainAt', '"callAgainAt" lies in the future.');
  }
}
