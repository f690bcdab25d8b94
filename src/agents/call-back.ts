import { messageOf } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { aborted } from '../core/concurrency/wait.ts';
import { DialRefusedError } from '../dialling/index.ts';
import type { Desk } from './agents.types.ts';
import { free, place } from './dial-out.ts';
import { endOfCause, type CallBackEnd } from './queue/promises.ts';
import type { WaitingCaller } from './routing/index.ts';

/**
 * Somebody who kept their place without waiting is next: the agent's phone rings, then theirs. The promise is
 * kept when they talk. Until then the place is theirs, whatever dies: before their telephone rings the row says
 * when it may ring again, so that no restart rings it twice. The agent's seat talks all the time: the next caller
 * would be offered to one who is idle for an instant.
 */
export async function callBack(desk: Desk, caller: WaitingCaller, staffId: string): Promise<void> {
  const { callId } = caller;
  const ownId = newId();
  desk.seats.engage(staffId, 'talking', ownId);
  const end = await ring(desk, caller, staffId, ownId).catch((error: unknown): CallBackEnd => {
    desk.log.warn({ callId, staffId, reason: messageOf(error) }, 'callback failed');
    free(desk, staffId, ownId);
    if (!(error instanceof DialRefusedError)) return 'not_rung';
    // Another agent may have calls left today; a limit of the number or of all is not passed by waiting.
    return error.refusal === 'agent_limit' ? 'not_rung' : 'impossible';
  });
  desk.log.info({ callId, staffId, end }, 'callback ended');
  desk.cti.record(callId, 'callback.ended', { result: end, staffId });
  desk.floor.calledBack(caller, end, staffId);
}

async function ring(
  desk: Desk,
  caller: WaitingCaller,
  staffId: string,
  ownId: string,
): Promise<CallBackEnd> {
  const { callId } = caller;
  const row = await desk.db
    .selectFrom('call')
    .select(['callerNumber', 'personId', 'roomId'])
    .where('id', '=', callId)
    .executeTakeFirst();
  if (row === undefined) throw new Error('the call has no row');
  let isRung = false;
  const call = await place(desk, ownId, staffId, {
    number: row.callerNumber,
    personId: row.personId ?? undefined,
    roomId: row.roomId ?? undefined,
    purpose: 'callback',
    promisedIn: callId,
    onPrepared: async () => {
      await desk.floor.rings(caller);
      isRung = true;
    },
  });
  if (!isRung) return 'not_rung';
  await Promise.race([call.answered, aborted(call.gone)]);
  return call.isAnswered ? 'talked' : endOfCause(call.hangupCause);
}
