import type { Log } from '../../core/log.ts';
import type { MessageChannel } from '../../db/index.ts';
import type { SendOutcome } from '../delivery/message.states.ts';
import type { About } from '../limits/facts.ts';
import type { Carrier, CarriedMessage } from './carrier.ts';
import { Semaphore, type Release } from './semaphore.ts';
import { smsGateway, type SmsGatewayOptions } from './sms-gateway.ts';
import { smtpSender, type SmtpOptions } from './smtp-sender.ts';

export interface CarrierSettings {
  mail: SmtpOptions | undefined;
  sms: SmsGatewayOptions | undefined;
}

/** Of each channel at once; more would be no quicker with a carrier that works. */
const most: Readonly<Record<MessageChannel, number>> = { email: 8, sms: 12, fax: 12 };

/** Who carries messages of a channel, as the settings have it or as a part above has offered. */
export class Carriers {
  readonly #carriers = new Map<MessageChannel, Carrier>();
  readonly #places: Readonly<Record<MessageChannel, Semaphore>>;
  readonly #log: Log;

  constructor({ mail, sms }: CarrierSettings, perSecond: number, log: Log) {
    if (mail !== undefined) this.#carriers.set('email', smtpSender(mail));
    if (sms !== undefined) this.#carriers.set('sms', smsGateway(sms));
    this.#places = {
      email: new Semaphore(most.email, perSecond),
      sms: new Semaphore(most.sms, perSecond),
      fax: new Semaphore(most.fax, perSecond),
    };
    this.#log = log;
  }

  provide(channel: MessageChannel, carrier: Carrier): void {
    this.#carriers.set(channel, carrier);
  }

  has(channel: MessageChannel): boolean {
    return this.#carriers.has(channel);
  }

  /** A place among the messages of the channel that are with its carrier, or when to come back. */
  place(channel: MessageChannel, now: Date): Release | Date {
    const got = this.#places[channel].take(now.getTime());
    return typeof got === 'number' ? new Date(got) : got;
  }

  /** What is not set up says so, in the log, too. */
  async send(message: CarriedMessage, about: About): Promise<SendOutcome> {
    const { id, channel, address } = message;
    const carrier = this.#carriers.get(channel);
    if (carrier !== undefined) return carrier(message, about);
    const to = { messageId: id, channel, pii: { to: address } };
    this.#log.warn(to, `message not sent: ${settingOf[channel]}`);
    return { kind: 'not_configured' };
  }
}

const settingOf: Readonly<Record<MessageChannel, string>> = {
  email: 'SMTP_URL is not set',
  sms: 'SMS_URL is not set',
  fax: 'this process drives no switch',
};
