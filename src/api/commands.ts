/**
 * Writes that are no transaction over rows, each with the reason. They are answered from their `Idempotency-Key` like
 * every write, but the answer is kept after the effect: what a crash comes between is judged afresh, by its state.
 */
import type { FastifyReply } from 'fastify';
import type { RouteParts, FastifyRequest, Server } from './api.types.ts';
import { register, type Handler, type WriteKey } from './route.ts';
import { refusalOf } from './sites.ts';

const reasons = {
  session:
    'Nobody is logged in yet, or any more: whoever asks is known by the very row that is made or ended. Wrong tries are counted although they are refused.',
  carrier:
    'Sent by a carrier or a switch, which has no key: done once by the id that the carrier gave, and repeated by it until we answer.',
  stranger:
    'Of the demo: nobody is logged in. The same again gives another password, which is told once.',
  read: 'Reads alone; a POST because its answer may take seconds and is not to be kept by a cache.',
  switch:
    'Its effect is on the switch, which knows no transaction: the rows of the call follow its events.',
  seat: 'A seat stands in the memory of the service that drives the switch; its rows are written behind, in the order of what happened.',
  talk: 'Belongs to a conversation that lives: whoever leads it writes its rows in the order of what happened, and shows them.',
  alarm:
    'An alarm leaves the screens first and its row follows, so that help does not wait for a database.',
} as const;

export const commands = {
  'POST /session': reasons.session,
  'DELETE /session': reasons.session,
  'POST /message-receipts': reasons.carrier,
  'POST /incoming-messages': reasons.carrier,
  'POST /mail-bounces': reasons.carrier,
  'POST /switch/directory': reasons.read,
  'POST /demo/phone': reasons.stranger,
  'POST /agents/me/session': reasons.seat,
  'DELETE /agents/me/session': reasons.seat,
  'PUT /agents/me/presence': reasons.seat,
  'PUT /agents/me/phone': reasons.seat,
  'POST /offers/:id/decline': reasons.seat,
  'PUT /agents/:id/presence': reasons.seat,
  'DELETE /agents/:id/session': reasons.seat,
  'POST /calls': reasons.switch,
  'POST /calls/:id/hold': reasons.switch,
  'POST /calls/:id/resume': reasons.switch,
  'POST /calls/:id/hangup': reasons.switch,
  'POST /calls/:id/conference': reasons.switch,
  'POST /calls/:id/transfer': reasons.switch,
  'POST /calls/:id/consult': reasons.switch,
  'POST /calls/:id/consult/complete': reasons.switch,
  'POST /calls/:id/consult/cancel': reasons.switch,
  'PUT /calls/:id/supervision': reasons.switch,
  'DELETE /calls/:id/supervision': reasons.switch,
  'POST /campaigns/:id/test-call': reasons.switch,
  'POST /campaigns/:id/contacts/:contactId/dial': reasons.switch,
  'POST /calls/:id/wrap-up': reasons.talk,
  'PUT /calls/:id/draft': reasons.talk,
  'PUT /calls/:id/person': reasons.talk,
  'POST /alarms/:id/acknowledge': reasons.alarm,
  'POST /campaigns/:id/preview': reasons.read,
} as const satisfies Partial<Record<WriteKey, string>>;

export type CommandKey = keyof typeof commands;

export function command<Key extends CommandKey>(
  server: Server,
  { db }: Pick<RouteParts, 'db'>,
  key: Key,
  handler: Handler<Key>,
): void {
  const run = handler as unknown as (request: FastifyRequest, reply: FastifyReply) => unknown;
  register(server, key, async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      return await run(request, reply);
    } catch (error) {
      throw await refusalOf(db, request, error);
    }
  });
}
