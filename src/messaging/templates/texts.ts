import type { Language } from '../../core/language.ts';
import type { CampaignPurpose, MessageChannel } from '../../db/index.ts';

export interface TextInput {
  channel: MessageChannel;
  purpose: CampaignPurpose;
  language: Language;
  /** The author's words, their slots filled; undefined without any. */
  message: string | undefined;
  estate: string | undefined;
  /** The number to call back. */
  callback: string | undefined;
  /** Whether we rang before. */
  wasCalled: boolean;
  /** Only for an address that is verified to be the owner's own, see `mayNameDebt`. */
  debt: NamedDebt | null;
  /** What mainland carriers ask for at the head of a text, without its brackets. */
  sign: string | undefined;
}

export interface NamedDebt {
  name: string;
  room: string;
  owedFen: number;
  link: string;
}

export interface Text {
  /** Of mails and faxes; seen on locked screens and in trays, so that it never tells of a debt. */
  subject: string | null;
  body: string;
}

/** A debt may be told to its owner and to nobody who happens to read the owner's messages. */
export function mayNameDebt(facts: {
  /** Somebody made sure that the address is this person's. */
  isVerified: boolean;
  /** Owner of the home in question today. */
  isOwner: boolean;
  /** Others have the same number or mailbox. */
  isShared: boolean;
}): boolean {
  return facts.isVerified && facts.isOwner && !facts.isShared;
}

/** What somebody reads. A debt that may not be named is not hinted at either. */
export function textOf(input: TextInput): Text {
  const { channel, purpose, language } = input;
  const body = purpose === 'collection' ? collection(input) : news(input);
  if (channel === 'sms') return { subject: null, body: signed(input, body) };
  return {
    subject: subject(input),
    body: letter(language, input, body),
  };
}

function news(input: TextInput): string {
  const { message, language, purpose, callback } = input;
  const text = message?.trim() ?? '';
  if (text === '') return pleaseCall(input);
  if (purpose !== 'marketing' || callback === undefined) return text;
  return language === 'en'
    ? `${text} To opt out, call ${callback}.`
    : `${text}退订请致电${callback}。`;
}

function collection(input: TextInput): string {
  const { debt, language, callback } = input;
  if (debt === null) return pleaseCall(input);
  const yuan = (debt.owedFen / 100).toFixed(2);
  if (language === 'en') {
    const ask =
      callback === undefined ? '' : ` If it is paid or not right, please call ${callback}.`;
    return `${debt.name}: ¥${yuan} is open for ${debt.room} today.${ask} Details and payment: ${debt.link}`;
  }
  const ask = callback === undefined ? '' : `如已缴清或有异议，请致电${callback}。`;
  // The address stands last and free: telephones take a character behind it for a part of it.
  return `${debt.name}您好：截至今日，${debt.room}有${yuan}元费用待缴。${ask}查询与缴费：${debt.link}`;
}

function pleaseCall({ language, estate, callback, wasCalled }: TextInput): string {
  if (language === 'en') {
    const who = estate === undefined ? 'The property service' : `The property service of ${estate}`;
    const why = wasCalled ? 'tried to reach you by telephone' : 'would like to speak with you';
    return `${who} ${why}. Please call ${callback ?? 'the service line'} when it suits you.`;
  }
  const who = `${estate ?? ''}物业服务中心`;
  const why = wasCalled ? `${who}曾致电您但未能接通` : `${who}有事项需与您联系`;
  return `您好，${why}，请您方便时致电${callback ?? '物业服务热线'}。`;
}

function subject({ language, purpose, estate }: TextInput): string {
  const isNews = purpose === 'service' || purpose === 'emergency';
  if (language === 'en') {
    const what = isNews ? 'Notice' : 'Message';
    return `${what} from the property service${estate === undefined ? '' : ` of ${estate}`}`;
  }
  return `${estate ?? ''}物业服务中心${isNews ? '通知' : '来信'}`;
}

function letter(language: Language, { estate, callback }: TextInput, body: string): string {
  if (language === 'en') {
    const from = `Property service${estate === undefined ? '' : `, ${estate}`}`;
    return `Hello,\n\n${body}\n\n${from}${callback === undefined ? '' : `\nTelephone: ${callback}`}\n`;
  }
  const greeting = body.includes('您好') ? '' : '您好！\n\n';
  const phone = callback === undefined ? '' : `\n电话：${callback}`;
  return `${greeting}${body}\n\n${estate ?? ''}物业服务中心${phone}\n`;
}

function signed({ sign }: TextInput, body: string): string {
  return sign === undefined ? body : `【${sign}】${body}`;
}
