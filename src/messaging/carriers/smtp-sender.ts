import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { messageOf } from '../../core/errors.ts';
import { isLoopback } from '../../core/addresses.ts';
import type { SendOutcome } from '../delivery/message.states.ts';
import type { CarriedMessage } from './carrier.ts';
import { ignore } from '../../core/ignore.ts';

export interface SmtpOptions {
  host: string;
  port: number;
  /** TLS from the first byte (port 465) instead of STARTTLS. */
  isSecure: boolean;
  auth: { user: string; pass: string } | undefined;
  from: { name: string; address: string };
  /** How long the server may be silent, in milliseconds. */
  limitMs?: number;
}

export interface Failure {
  code?: string;
  responseCode?: number;
}

/**
 * Sends by SMTP (RFC 5321), one connection a mail. Works on nodemailer's connection rather than its
 * transport: only there can be told whether the text was on its way when the line broke.
 */
export function smtpSender(
  options: SmtpOptions,
): (message: CarriedMessage) => Promise<SendOutcome> {
  return async (message) => {
    const text = await compose(message, options.from).catch((error: unknown) => messageOf(error));
    if (typeof text === 'string') return { kind: 'refused', detail: text };
    const line = openLine(options);
    // Read from when the server has said 354, not before.
    let isUnderWay = false;
    const stream = new Readable({
      read() {
        isUnderWay = true;
        this.push(text);
        this.push(null);
      },
    });
    try {
      await line.ready;
      const envelope = {
        ...{ from: options.from.address, to: [message.address] },
        // RFC 3461, where the server has it: a mail that comes back names the message it is about.
        dsn: { id: message.id, return: 'headers', notify: 'failure' },
      };
      const response = await Promise.race([
        line.lost,
        new Promise<string>((resolve, reject) => {
          line.connection.send({ ...envelope, size: text.length }, stream, (error, info) => {
            if (error !== null) reject(error);
            else resolve(info?.response ?? '');
          });
        }),
      ]);
      return { kind: 'sent', providerId: response.slice(0, 200) };
    } catch (error) {
      return outcomeOf(error as Failure, isUnderWay);
    } finally {
      stream.destroy();
      line.connection.quit();
      line.connection.close();
    }
  };
}

/** What a failure says about the mail. Exported for tests. */
export function outcomeOf(error: Failure, isUnderWay: boolean): SendOutcome {
  const detail = messageOf(error).slice(0, 400);
  const { code, responseCode = 0 } = error;
  if (code === 'EAUTH') return { kind: 'not_sent', reason: 'bad_login', detail };
  // RFC 5321, 4.2.1: 4yz may succeed later, 5yz never. Either way the server did not take it.
  if (responseCode >= 500) return { kind: 'refused', detail };
  if (responseCode >= 400) return { kind: 'not_sent', reason: 'busy', detail };
  if (isUnderWay) return { kind: 'unknown', detail };
  if (code === 'EMESSAGE' || code === 'EENVELOPE') return { kind: 'refused', detail };
  return { kind: 'not_sent', reason: 'unreachable', detail };
}

function openLine({ host, port, isSecure, auth, limitMs = 30_000 }: SmtpOptions) {
  const connection = new SMTPConnection({
    host,
    port,
    secure: isSecure,
    // A password never crosses a network in clear.
    requireTLS: auth !== undefined && !isSecure && !isLoopback(host),
    connectionTimeout: Math.min(limitMs, 10_000),
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    dnsTimeout: Math.min(limitMs, 10_000),
    tls: { minVersion: 'TLSv1.2' },
  });
  const lost = new Promise<never>((_resolve, reject) => {
    // A server that answers each command in the last second is not waited for without end.
    const timer = setTimeout(() => reject(new Error('the server is too slow')), 2 * limitMs);
    timer.unref();
    connection.once('end', () => clearTimeout(timer));
    connection.on('error', reject);
    connection.on('end', () => reject(new Error('the server closed the connection')));
  });
  void ignore(lost, 'the mail was handed over before');
  const ready = Promise.race([
    lost,
    new Promise<void>((resolve, reject) => {
      connection.connect((failure) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        if (auth === undefined) {
          resolve();
          return;
        }
        connection.login({ credentials: auth }, (error) =>
          error === null ? resolve() : reject(error),
        );
      });
    }),
  ]);
  return { connection, ready, lost };
}

/** The same bytes for every try of a message: receivers know a repetition by its Message-ID. */
async function compose(
  { id, address, subject, body, language, createdAt }: CarriedMessage,
  from: SmtpOptions['from'],
): Promise<Buffer> {
  const domain = from.address.split('@')[1] ?? 'localhost';
  const mail = new MailComposer({
    // It writes into what it gets, and settings are frozen.
    from: { ...from },
    to: { name: '', address },
    subject: subject ?? '',
    text: body,
    date: createdAt,
    messageId: `<${id}@${domain}>`,
    headers: {
      'Content-Language': language,
      // RFC 3834: out-of-office answers are not wanted.
      'Auto-Submitted': 'auto-generated',
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return new Promise((resolve, reject) => {
    mail.compile().build((error: Error | null, text?: Buffer) => {
      if (error !== null || text === undefined) reject(error ?? new Error('an empty mail'));
      else resolve(text);
    });
  });
}
