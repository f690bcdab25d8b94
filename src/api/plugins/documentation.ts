import { Type } from 'typebox';
import { Problem } from '../../contract/problem.ts';
import type { Server } from '../api.types.ts';

const writes = ['POST', 'PATCH', 'PUT', 'DELETE'];
const idempotencyKey = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description: 'A repetition with the same key gets the first answer and does nothing.',
    }),
  ),
});

/** Says for every route what all have in common: how a refusal looks, and the key of a write. */
export function installDocumentation(server: Server): void {
  server.addHook('onRoute', (route) => {
    const { schema } = route;
    if (schema === undefined || schema.hide === true) return;
    const response = (schema.response ?? {}) as Record<string, unknown>;
    schema.response = { '4xx': Problem, '5xx': Problem, ...response };
    const isWrite = [route.method].flat().some((method) => writes.includes(method));
    if (isWrite) schema.headers ??= idempotencyKey;
  });
}
