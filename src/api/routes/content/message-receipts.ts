import { type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { AppError } from '../../../core/errors.ts';
import type { Clock } from '../../../core/clock.ts';
import { isSignedBy, type Messaging } from '../../../messaging/index.ts';
import type { RouteParts, FastifyRequest, Server } from '../../api.types.ts';
import { Incoming, Receipt } from '../../../contract/routes/carriers.ts';
import { command } from '../../commands.ts';
import { unstorableField } from '../../plugins/texts.ts';
import { parseJson } from '../../../core/json.ts';

/** What carriers say, and what each of them signs with; nothing is taken from one without a secret. */
export interface CarrierParts {
  inbox: Messaging['inbox'];
  /** Of the gateway for texts. */
  receiptSecret: string | undefined;
  /** Of whoever hands returned mails over. */
  mailSecret: string | undefined;
}

/** What carriers tell of messages, and what people answer; see docs/messages.md. */
export function messageReceiptRoutes(
  server: Server,
  parts: RouteParts,
  carriers: CarrierParts,
): void {
  const { inbox } = carriers;
  const { clock } = parts;
  void server.register((scope, _options, done) => {
    // Signatures are over the very bytes.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, ready) =>
      ready(null, body),
    );
    command(scope, parts, 'POST /message-receipts', async (request) => {
      const body = signedBody(carriers, clock, request, 'receipt');
      await inbox.receipt(read(Receipt, body, receiptShape));
      return {};
    });
    command(scope, parts, 'POST /incoming-messages', async (request) => {
      const body = signedBody(carriers, clock, request, 'receipt');
      await inbox.incoming(read(Incoming, body, incomingShape));
      return {};
    });
    command(scope, parts, 'POST /mail-bounces', async (request) => {
      // Reports are ASCII (RFC 3464, 2.1); what else is in there is not read.
      await inbox.bounce(signedBody(carriers, clock, request, 'bounce').toString('latin1'));
      return {};
    });
    done();
  });
}

const refusals = {
  receipt: { code: 'receipt.wrong_signature', setting: 'SMS_SECRET' },
  bounce: { code: 'bounce.wrong_signature', setting: 'MAIL_SECRET' },
} as const;

function signedBody(
  { mailSecret, receiptSecret }: CarrierParts,
  clock: Clock,
  request: FastifyRequest,
  what: keyof typeof refusals,
): Buffer {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const header = request.headers['x-lingting-signature'];
  const signature = typeof header === 'string' ? header : undefined;
  const secret = what === 'bounce' ? mailSecret : receiptSecret;
  if (secret !== undefined && isSignedBy(secret, { signature, body, now: clock.now() })) {
    return body;
  }
  const { code, setting } = refusals[what];
  throw new AppError({
    code,
    status: 401,
    message: `X-Lingting-Signature must be made of the body with ${setting}, by a clock that is right.`,
  });
}

const receiptShape =
  'A receipt is {"id": <ours>, "state": "delivered" or "failed", "reason": <words>}.';
const incomingShape =
  'A text that came in is {"id": <the gateway’s>, "from": <number>, "text": <words>}.';

function read<Schema extends TSchema>(
  schema: Schema,
  body: Buffer,
  message: string,
): Static<Schema> {
  const value = parseJson(body.toString());
  if (unstorableField(value) === undefined && Value.Check(schema, value)) return value;
  throw new AppError({ code: 'receipt.bad', status: 400, message });
}
