/** Settings of what carries messages: a mail server, a gateway for texts. */
import { isLoopback } from '../core/addresses.ts';

export interface MessagingSettings {
  mail:
    | {
        host: string;
        port: number;
        isSecure: boolean;
        auth: { user: string; pass: string } | undefined;
        from: { name: string; address: string };
      }
    | undefined;
  sms:
    | {
        url: string;
        token: string | undefined;
        secret: string | undefined;
        isIdempotent: boolean;
      }
    | undefined;
  smsSign: string | undefined;
  /** Of whoever hands returned mails over. */
  mailSecret: string | undefined;
  /** See `messaging/limits`. */
  limits: { perAddress: number; perSecond: number };
}

export const messagingVariables = {
  SMTP_URL: '',
  MAIL_FROM: '',
  MAIL_SECRET: '',
  SMS_URL: '',
  SMS_TOKEN: '',
  SMS_SECRET: '',
  SMS_IDEMPOTENT: 'false',
  SMS_SIGN: '',
  MESSAGES_PER_ADDRESS: '10',
  MESSAGES_PER_SECOND: '100',
} as const;

export type MessagingVariable = keyof typeof messagingVariables;

export interface SettingsReader {
  optional(name: MessagingVariable): string | undefined;
  boolean(name: MessagingVariable): boolean;
  integer(name: MessagingVariable, min: number, max: number): number;
  url(name: MessagingVariable, protocols: readonly string[]): string | undefined;
  fault(name: MessagingVariable, text: string): void;
}

const shortestSecret = 16;

export function readMessaging(read: SettingsReader): MessagingSettings {
  return {
    ...{ mail: readMail(read), sms: readSms(read), smsSign: readSign(read) },
    mailSecret: readSecret(read, 'MAIL_SECRET'),
    limits: {
      perAddress: read.integer('MESSAGES_PER_ADDRESS', 1, 10_000),
      perSecond: read.integer('MESSAGES_PER_SECOND', 1, 10_000),
    },
  };
}

function readMail(read: SettingsReader): MessagingSettings['mail'] {
  const url = read.url('SMTP_URL', ['smtp:', 'smtps:']);
  const from = read.optional('MAIL_FROM');
  const sender = from === undefined ? undefined : mailbox(from);
  if (from !== undefined && sender === undefined) {
    read.fault('MAIL_FROM', 'must be like name@example.com or 物业服务中心 <name@example.com>');
  }
  if (url === undefined || !URL.canParse(url)) return undefined;
  if (from === undefined) read.fault('MAIL_FROM', 'must be set when SMTP_URL is');
  const { hostname, port, username, password, protocol } = new URL(url);
  if (hostname === '') read.fault('SMTP_URL', 'names no host');
  const isSecure = protocol === 'smtps:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isSecure ? 465 : 587) : Number(port),
    isSecure,
    auth:
      username === ''
        ? undefined
        : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    from: sender ?? { name: '', address: '' },
  };
}

function readSms(read: SettingsReader): MessagingSettings['sms'] {
  const url = read.url('SMS_URL', ['http:', 'https:']);
  const [token, secret] = [read.optional('SMS_TOKEN'), readSecret(read, 'SMS_SECRET')];
  const isIdempotent = read.boolean('SMS_IDEMPOTENT');
  if (url === undefined || !URL.canParse(url)) return undefined;
  if (token === undefined && secret === undefined) {
    read.fault('SMS_URL', 'needs SMS_TOKEN or SMS_SECRET, or anybody could send texts there');
  }
  const { protocol, hostname } = new URL(url);
  if (token !== undefined && protocol === 'http:' && !isLoopback(hostname)) {
    read.fault('SMS_URL', 'must be https:// beyond this machine, or SMS_TOKEN crosses it in clear');
  }
  return { url, token, secret, isIdempotent };
}

function readSecret(read: SettingsReader, name: 'SMS_SECRET' | 'MAIL_SECRET'): string | undefined {
  const secret = read.optional(name);
  if (secret !== undefined && secret.length < shortestSecret) {
    read.fault(name, `must have at least ${shortestSecret} characters`);
  }
  return secret;
}

function readSign(read: SettingsReader): string | undefined {
  const sign = read.optional('SMS_SIGN');
  if (sign !== undefined && (sign.length > 20 || /[【】\r\n]/.test(sign))) {
    read.fault('SMS_SIGN', 'must be at most 20 characters, without 【 and 】');
  }
  return sign;
}

/** `Name <local@domain>` or the address alone. */
function mailbox(text: string): { name: string; address: string } | undefined {
  const match = /^(?:([^<>\r\n]*)<([^<>\s]+)>|([^<>\s]+))$/.exec(text);
  const address = match?.[2] ?? match?.[3] ?? '';
  if (!/^[^@\s]{1,64}@[A-Za-z0-9.-]{1,250}$/.test(address)) return undefined;
  return { name: (match?.[1] ?? '').trim().replace(/^"(.*)"$/, '$1'), address };
}
