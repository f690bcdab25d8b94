import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { AppError } from '../../core/errors.ts';
import { isSignedBy, takeReceipt } from '../../outbound/index.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { shapeOf, Uuid } from '../contract/fields.ts';

const Receipt = Type.Object({
  id: Uuid,
  state: Type.Enum(['delivered', 'failed']),
  reason: Type.Optional(Type.String({ maxLength: 400 })),
});

/** What became of texts, told by the gateway that sent them; see docs/messages.md. */
export function messageReceiptRoutes(server: Server, parts: ApiParts): void {
  void server.register((scope, _options, done) => {
    // The signature is over the very bytes.
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, ready) =>
      ready(null, body),
    );
    scope.post(
      '/message-receipts',
      {
        config: { rateLimit: false },
        bodyLimit: 16 * 1024,
        schema: {
          summary: 'A signed delivery receipt for a text',
          tags: ['messages'],
          response: { 200: shapeOf('Nothing') },
        },
      },
      async (request) => {
        const body = typeof request.body === 'string' ? request.body : '';
        const signature = request.headers['x-lingting-signature'];
        mustBeSigned(parts, typeof signature === 'string' ? signature : undefined, body);
        await takeReceipt(parts, readReceipt(body));
        return {};
      },
    );
    done();
  });
}

function mustBeSigned(
  { messaging, clock }: ApiParts,
  signature: string | undefined,
  body: string,
): void {
  const secret = messaging?.receiptSecret;
  if (secret !== undefined && isSignedBy(secret, { signature, body, now: clock.now() })) return;
  throw new AppError({
    code: 'receipt.wrong_signature',
    status: 401,
    message:
      'X-Lingting-Signature must be made of the body with SMS_SECRET, by a clock that is right.',
  });
}

function readReceipt(body: string): Static<typeof Receipt> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = undefined;
  }
  if (Value.Check(Receipt, value)) return value;
  throw new AppError({
    code: 'receipt.bad',
    status: 400,
    message: 'A receipt is {"id": <ours>, "state": "delivered" or "failed", "reason": <words>}.',
  });
}
