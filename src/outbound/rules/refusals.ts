import type { Language } from '../../core/language.ts';
import type { RefusalCode } from './rules.types.ts';

/** Why somebody was not called, as staff read it. */
export const refusalTexts: Readonly<Record<RefusalCode, Record<Language, string>>> = {
  invalid_number: {
    'zh-CN': '号码无效，无法拨打。',
    en: 'The number is not one that can be dialled.',
  },
  nothing_owed: {
    'zh-CN': '已无欠费，不再拨打。',
    en: 'Nothing is owed any more, so there is nothing to call about.',
  },
  do_not_call: {
    'zh-CN': '该号码或业主已列入免打扰名单。',
    en: 'The number or the person is on the do-not-call list.',
  },
  minor: { 'zh-CN': '登记人为未成年人，不得外呼。', en: 'The person is a minor.' },
  sensitive: {
    'zh-CN': '业主档案有特殊关怀标记，应由专人联系。',
    en: 'The file asks for special care: a person should get in touch, not a machine.',
  },
  disputed: {
    'zh-CN': '业主对该费用有异议，核实之前不得催缴。',
    en: 'The owner disputes the debt; it must be checked before anyone calls about it.',
  },
  no_consent: {
    'zh-CN': '业主未同意接听推广电话。',
    en: 'The person has not agreed to calls with offers.',
  },
  not_wanted: {
    'zh-CN': '业主选择不接听此类电话。',
    en: 'The person chose not to get calls of this kind.',
  },
  promise_pending: {
    'zh-CN': '业主承诺的缴费日期未到。',
    en: 'The person promised a date for payment that has not come yet.',
  },
  campaign_cap: {
    'zh-CN': '本次任务的拨打次数已用完。',
    en: 'The attempts that this campaign allows are used up.',
  },
  prefers_writing: {
    'zh-CN': '业主选择以文字方式接收，先发送消息。',
    en: 'The person chose to read it: they are written to first.',
  },
  quiet_hours: {
    'zh-CN': '当地时间22:00至次日8:00不得外呼。',
    en: 'No calls are made from 22:00 to 08:00 local time.',
  },
  chosen_hours: {
    'zh-CN': '不在业主选择的接听时段内。',
    en: 'It is outside the hours that the person chose.',
  },
  public_holiday: {
    'zh-CN': '法定节假日不拨打此类电话。',
    en: 'Calls of this kind are not made on public holidays.',
  },
  effective_cap: {
    'zh-CN': '今天的有效通话次数已达上限。',
    en: 'The person has been spoken to as often as one day allows.',
  },
  daily_cap: {
    'zh-CN': '今天的拨打次数已达上限。',
    en: 'The attempts that one day allows are used up.',
  },
  weekly_cap: {
    'zh-CN': '七天内的拨打次数已达上限。',
    en: 'The attempts that seven days allow are used up.',
  },
};
