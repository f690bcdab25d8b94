import { messageOf } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import { aborted } from '../../../core/concurrency/wait.ts';
import type { Log } from '../../../core/log.ts';
import type { Call, Cti } from '../../../cti/index.ts';
import type { Pool } from '../../../db/index.ts';
import { DialRefusedError } from '../../../dialling/index.ts';
import { free, type PlaceRequest } from './dial-out.ts';
import type { Seats } from '../../acd/sessions/seats.ts';
import { endOfCause, type CallbackEnd, type Callbacks } from '../../acd/queues/callbacks.ts';
import type { WaitingCaller } from '../../acd/routing/index.ts';

export interface CallbackParts {
  db: Pool;
  seats: Pick<Seats, 'get' | 'engage'>;
  callbacks: Pick<Callbacks, 'rings' | 'calledBack'>;
  /** See `dial-out.ts`. */
  place: (callId: string, staffId: string, request: PlaceRequest) => Promise<Call>;
  cti: Pick<Cti, 'record'>;
  log: Log;
}

/**
 * Somebody who kept their place without waiting is next: the agent's phone rings, then theirs. The callback is
 * done when they talk. Until then the place is theirs, whatever dies: before their telephone rings the row says
 * when it may ring again, so that no restart rings it twice. The agent's seat talks all the time: the next caller
 * would be offered to one who is idle for an instant.
 */
export async function callBack(
  parts: CallbackParts,
  caller: WaitingCaller,
  staffId: string,
): Promise<void> {
  const { seats, callbacks, cti, log } = parts;
  const { callId } = caller;
  const ownId = newId();
  seats.engage(staffId, 'talking', ownId);
  const end = await ring(parts, caller, staffId, ownId).catch((error: unknown): CallbackEnd => {
    log.warn({ callId, staffId, reason: messageOf(error) }, 'callback failed');
    free(seats, staffId, ownId);
    if (!(error instanceof DialRefusedError)) return 'not_rung';
    // Another agent may have calls left today; a limit of the number or of all is not passed by waiting.
    return error.refusal === 'agent_limit' ? 'not_rung' : 'impossible';
  });
  log.info({ callId, staffId, end }, 'callback ended');
  cti.record(callId, 'callback.ended', { result: end, staffId });
  callbacks.calledBack(caller, end, staffId);
}

async function ring(
  { db, callbacks, place }: CallbackParts,
  caller: WaitingCaller,
  staffId: string,
  ownId: string,
): Promise<CallbackEnd> {
  const { callId } = caller;
  const row = await db
    .selectFrom('call')
    .select(['callerNumber', 'personId', 'roomId', 'did', 'estateId'])
    .where('id', '=', callId)
    .executeTakeFirst();
  if (row === undefined) throw new Error('the call has no row');
  let isRung = false;
  const call = await place(ownId, staffId, {
    number: row.callerNumber,
    personId: row.personId ?? undefined,
    roomId: row.roomId ?? undefined,
    purpose: 'callback',
    promisedIn: callId,
    // The number that they know, since they dialled it.
    shown: { did: row.did, estateId: row.estateId },
    onPrepared: async () => {
      await callbacks.rings(caller);
      isRung = true;
    },
  });
  if (!isRung) return 'not_rung';
  await Promise.race([call.answered, aborted(call.gone)]);
  return call.isAnswered ? 'talked' : endOfCause(call.hangupCause);
}
