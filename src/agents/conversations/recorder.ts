import { v5 as nameId } from 'uuid';
import { messageOf } from '../../core/errors.ts';
import { startRecording, type Call } from '../../cti/index.ts';
import type { Log } from '../../core/log.ts';
import type { Recordings } from '../../recording/index.ts';
import { ignore } from '../../core/ignore.ts';

/** Longest recording of one conversation, in seconds. */
const limitSec = 4 * 3600;

/**
 * Records a call's conversations in one stereo file (left the customer, right whoever talks to them), from
 * the first agent until the customer leaves. The row is there before the first sample.
 */
export async function recordConversation(
  { recordings, log }: { recordings: Pick<Recordings, 'begin' | 'finish'>; log: Log },
  call: Call,
): Promise<void> {
  const id = recordingOf(call.id);
  try {
    const path = await recordings.begin({
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
      await ignore(recordings.finish(id), 'the end of the call seals what it left');
    }
    call.gone.throwIfAborted();
    log.error({ callId: call.id, reason: messageOf(error) }, 'call not recorded');
  }
}

/** One conversation recording a call. */
function recordingOf(callId: string): string {
  return nameId('recording call', callId);
}

/** What a call that is over has left unfinished. */
export async function sealRecordings(
  { recordings, log }: { recordings: Pick<Recordings, 'unfinished' | 'finish'>; log: Log },
  call: Call,
): Promise<void> {
  // Without a cause they have not left: another service leads them, and records.
  if (call.hangupCause === undefined) return;
  // Most callers of a menu never wait for anybody: nothing of them is recorded here.
  const mayHaveTalked = call.recall('waiting') !== undefined || call.recall('purpose') === 'desk';
  if (!mayHaveTalked) return;
  for (const row of await recordings.unfinished(call.id)) {
    if (row.purpose !== 'call') continue;
    await recordings.finish(row.id).catch((error: unknown) => {
      log.error({ reason: messageOf(error), callId: call.id }, 'recording not sealed');
    });
  }
}
