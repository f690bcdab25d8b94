import { BadBounceError } from '../messaging.errors.ts';
import { takeReceipt, type ReceiptParts } from './receipts.ts';

/** What a mail server's report says of one of our mails (RFC 3464). */
export interface Bounce {
  /** Of our message. */
  id: string;
  action: 'failed' | 'delivered' | 'other';
  /** RFC 3463, `5.1.1`. */
  status: string;
  /** The server's words. */
  detail: string;
}

const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const messageIdPattern = /^<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@/i;

/**
 * Reads a delivery report. Which mail it is about stands in the envelope's id that we gave (RFC 3461), or
 * in the Message-ID of what was returned. Undefined for anything else, also for answers of people.
 */
export function readBounce(mail: string): Bounce | undefined {
  // RFC 5322, 2.2.3: a line that begins with white space goes on.
  const text = mail.replaceAll('\r\n', '\n').replaceAll(/\n[ \t]+/g, ' ');
  const start = /^content-type:\s*message\/delivery-status/im.exec(text)?.index;
  if (start === undefined) return undefined;
  const lines = text.slice(start).split('\n');
  const fields = (name: string) =>
    lines
      .filter((line) => line.slice(0, name.length + 1).toLowerCase() === `${name}:`)
      .map((line) => line.slice(name.length + 1).trim());
  const field = (name: string) => fields(name)[0] ?? '';
  const id = [
    idPattern.exec(field('original-envelope-id'))?.[0],
    ...fields('message-id').map((value) => messageIdPattern.exec(value)?.[1]),
  ].find((one) => one !== undefined);
  const action = field('action').toLowerCase();
  if (id === undefined || action === '') return undefined;
  return {
    id,
    action: action === 'failed' || action === 'delivered' ? action : 'other',
    status: /^\d\.\d{1,3}\.\d{1,3}/.exec(field('status'))?.[0] ?? '',
    detail: field('diagnostic-code').slice(0, 400),
  };
}

/** Statuses that say that nobody has this address: RFC 3463, 3.2 (no such mailbox) and 3.3 (disabled). */
const nobodyThere = /^5\.(?:1\.[1236]|2\.1)$/;

/**
 * A mail that came back: the next channel is tried, and an address that nobody has is not written to
 * again until somebody changes or confirms it. Throws `bounce.unreadable`, `message.not_found`.
 */
export async function takeBounce(parts: ReceiptParts, mail: string): Promise<void> {
  const bounce = readBounce(mail);
  if (bounce === undefined) throw new BadBounceError();
  const { id, action, status, detail } = bounce;
  // A delay is no result: the server goes on trying.
  if (action === 'other') return;
  const { db, clock } = parts;
  await takeReceipt(parts, { id, state: action, reason: `${status} ${detail}`.trim() });
  if (action !== 'failed' || !nobodyThere.test(status)) return;
  await db
    .updateTable('personAddress')
    .from('outboundMessage')
    .set({ bouncedAt: clock.now() })
    .where('outboundMessage.id', '=', id)
    .where('outboundMessage.channel', '=', 'email')
    .whereRef('personAddress.personId', '=', 'outboundMessage.personId')
    .whereRef('personAddress.address', '=', 'outboundMessage.address')
    .where('personAddress.channel', '=', 'email')
    .execute();
}
