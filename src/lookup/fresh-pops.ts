import type { EventBus } from '../core/messages/bus.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Pool } from '../db/index.ts';
import type { EventMap } from '../events.ts';
import type { Pops } from './pops.ts';

export interface FreshPopsParts {
  db: Pool;
  log: Log;
  events: Pick<EventBus<EventMap>, 'watch'>;
  /** Of the desk that is open now. */
  pops: () => Pick<Pops, 'about' | 'peek' | 'refresh'>;
  show: (callId: string) => void;
}

/** What an agent sees of a caller follows their orders, bills and card while they talk. */
export function keepPopsFresh(parts: FreshPopsParts): void {
  const { db, events } = parts;
  const ofOrder = ({ workOrderId }: { workOrderId: string }) =>
    refresh(parts, async () => {
      const order = await db
        .selectFrom('workOrder')
        .select('roomId')
        .where('id', '=', workOrderId)
        .executeTakeFirst();
      return { roomId: order?.roomId ?? null };
    });
  events.watch('workOrder.raised', ofOrder);
  events.watch('workOrder.changed', ofOrder);
  events.watch('workOrder.edited', ofOrder);
  events.watch('bill.paid', ({ billId }) =>
    refresh(parts, async () => {
      const bill = await db
        .selectFrom('bill')
        .select('roomId')
        .where('id', '=', billId)
        .executeTakeFirst();
      return { roomId: bill?.roomId ?? null };
    }),
  );
  events.watch('owner.changed', ({ personId }) =>
    refresh(parts, () => Promise.resolve({ personId })),
  );
}

async function refresh(
  { log, pops, show }: FreshPopsParts,
  whom: () => Promise<{ roomId?: string | null; personId?: string }>,
): Promise<void> {
  // Most of what changes is no caller's of this moment.
  if (pops().about({}).length === 0) return;
  try {
    for (const callId of pops().about(await whom())) {
      // It may have ended while another one was read.
      if (pops().peek(callId) === undefined) continue;
      await pops().refresh(callId);
      show(callId);
    }
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'screen pop not refreshed');
  }
}
