import { v5 as nameId } from 'uuid';
import { messageOf } from '../../core/errors.ts';
import { startRecording, type Call } from '../../cti/index.ts';
import type { Desk } from '../agents.types.ts';
import { ignore } from '../../core/ignore.ts';

/** Longest recording of one conversation, in seconds. */
const limitSec = 4 * 3600;

/**
 * Records a call's conversations in one stereo file (left the customer, right whoever talks to them), from
 * the first agent until the customer leaves. The row is there before the first sample.
 */
export async function recordConversation(
  desk: Pick<Desk, 'recordings' | 'log'>,
  call: Call,
): Promise<void> {
  const id = recordingOf(call.id);
  try {
    const path = await desk.recordings.begin({
      id,
      callId: call.id,
      legId: call.legId,
      purpose: 'call',
      channels: 2,
      resume: undefined,
    });
    await startRecording(call, { path, limitSec });
    call.record('recording.started', { recordingId: id });
  } catch (error) {
    // Whoever seals what a call leaves may have looked before the row was there.
    if (call.gone.aborted) {
      await ignore(desk.recordings.finish(id), 'the end of the call seals what it left');
    }
    call.gone.throwIfAborted();
    desk.log.error({ callId: call.id, reason: messageOf(error) }, 'call not recorded');
  }
}

/** One conversation recording a call. */
function recordingOf(callId: string): string {
  return nameId('recording call', callId);
}
