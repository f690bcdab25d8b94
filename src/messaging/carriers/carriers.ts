import type { Log } from '../../core/log.ts';
import type { MessageChannel, OutboundMessageRow } from '../../db/index.ts';
import type { SendOutcome } from '../delivery/message.states.ts';
import { Places, type Release } from './places.ts';
import { smsGateway, type SmsGatewayOptions } from './sms-gateway.ts';
import { smtpSender, type SmtpOptions } from './smtp-sender.ts';

export type Letter = Pick<
  OutboundMessageRow,
  'id' | 'channel' | 'address' | 'language' | 'subject' | 'body' | 'createdAt'
>;

/** Hands a message to a carrier, once. Never throws: what went wrong is the outcome. */
export interface MessageSender {
  send(message: Letter): Promise<SendOutcome>;
  /** Whether the channel is set up at all. */
  has(channel: MessageChannel): boolean;
  /** A place among the messages of the channel that are with its carrier, or when to come back. */
  place(channel: MessageChannel, now: Date): Release | Date;
}

/** Of each channel at once; more would be no quicker with a carrier that works. */
const most: Readonly<Record<MessageChannel, number>> = { email: 8, sms: 12, fax: 12 };

export interface MessagingConfig {
  mail: SmtpOptions | undefined;
  sms: SmsGatewayOptions | undefined;
  /** What stands in 【】 at the head of a text. */
  smsSign: string | undefined;
}

export type Carrier = (message: Letter) => Promise<SendOutcome>;

/** One sender for all channels, as the settings have it. What is not set up says so, in the log, too. */
export function createSender(
  { mail, sms }: Pick<MessagingConfig, 'mail' | 'sms'>,
  log: Log,
  /** Of a process that drives a switch. */
  fax?: Carrier,
): MessageSender {
  const carriers: Partial<Record<MessageChannel, Carrier>> = {
    ...(mail === undefined ? {} : { email: smtpSender(mail) }),
    ...(sms === undefined ? {} : { sms: smsGateway(sms) }),
    ...(fax === undefined ? {} : { fax }),
  };
  const places = {
    email: new Places(most.email),
    sms: new Places(most.sms),
    fax: new Places(most.fax),
  };
  return {
    place(channel, now) {
      const got = places[channel].take(now.getTime());
      return typeof got === 'number' ? new Date(got) : got;
    },
    has: (channel) => carriers[channel] !== undefined,
    async send(message) {
      const { id, channel, address } = message;
      const carrier = carriers[channel];
      if (carrier === undefined) {
        log.warn(
          { messageId: id, channel, pii: { to: address } },
          `a message was not sent: ${settingOf[channel]}`,
        );
        return { kind: 'not_configured' };
      }
      return carrier(message);
    },
  };
}

const settingOf: Readonly<Record<MessageChannel, string>> = {
  email: 'SMTP_URL is not set',
  sms: 'SMS_URL is not set',
  fax: 'this process drives no switch',
};
