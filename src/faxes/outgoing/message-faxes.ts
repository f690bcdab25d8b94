import { AppError, messageOf } from '../../core/errors.ts';
import type { EventBus } from '../../core/messages/bus.ts';
import type { Pool } from '../../db/index.ts';
import type { EventMap } from '../../events.ts';
import type { Carrier, Messaging, SendOutcome } from '../../messaging/index.ts';
import { hotlineFor } from '../../property/index.ts';
import type { Faxes } from './send.ts';
import { withdrawn } from './store.ts';

/** Faxes carry messages, and their ends are the receipts. */
export function carryMessages({
  db,
  faxes,
  messaging,
  events,
}: {
  db: Pool;
  faxes: Faxes;
  messaging: Messaging;
  events: Pick<EventBus<EventMap>, 'on'>;
}): void {
  messaging.provide('fax', faxCarrier(db, faxes));
  events.on('fax.ended', (end) => takeFaxEnd({ db, messaging }, end));
}

/**
 * Hands a message over as a fax, which has tries and results of its own; how it ended comes later, as a
 * receipt. The same message again makes no second fax.
 */
function faxCarrier(db: Pool, faxes: Faxes): Carrier {
  return async ({ id, address, language }, { purpose, roomId, estateId }) => {
    const hotline = await hotlineFor(db, estateId ?? undefined);
    try {
      const providerId = await faxes.requestNote({
        ...{ messageId: id, number: address, language, roomId },
        did: hotline?.did ?? 'anonymous',
        isUrgent: purpose === 'emergency',
      });
      return { kind: 'sent', providerId };
    } catch (error) {
      return outcomeOf(error);
    }
  };
}

/** Without a modem, a trunk or a font no fax can ever go out; a switch that is away comes back. */
function outcomeOf(error: unknown): SendOutcome {
  const isFax = error instanceof AppError && error.code.startsWith('fax.');
  if (isFax) return { kind: 'not_configured' };
  return { kind: 'not_sent', reason: 'unreachable', detail: messageOf(error).slice(0, 400) };
}

/** How the fax of a message ended; other faxes belong to no message. */
export async function takeFaxEnd(
  { db, messaging }: { db: Pool; messaging: Messaging },
  { faxId, state, reason }: { faxId: string; state: 'sent' | 'failed'; reason: string | null },
): Promise<void> {
  const fax = await db
    .selectFrom('faxSending')
    .select('messageId')
    .where('id', '=', faxId)
    .executeTakeFirst();
  if (fax?.messageId == null) return;
  await messaging.inbox.receipt({
    id: fax.messageId,
    state: state === 'sent' ? 'delivered' : 'failed',
    ...(reason === null ? {} : { reason }),
    ...(reason === withdrawn ? { why: 'no_longer_true' as const } : {}),
  });
}
