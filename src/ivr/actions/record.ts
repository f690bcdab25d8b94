import { v5 as nameId } from 'uuid';
import type { Action, Outcome } from '../../content/index.ts';
import { recordMessage } from '../../cti/index.ts';
import type { ActionParts, Turn } from './actions.types.ts';

/** A spoken message. Its row says how the flow goes on should the caller hang up behind it. */
export async function record(
  { records: { recordings } }: ActionParts,
  { call, state }: Turn,
  action: Extract<Action, { do: 'record' }>,
): Promise<Outcome> {
  const id = nameId(`recording ${state.step}`, call.id);
  const path = await recordings.begin({
    id,
    callId: call.id,
    legId: call.legId,
    purpose: action.purpose,
    resume: { state, silenceSec: action.silenceSec },
  });
  const { terminator } = await recordMessage(call, String(state.step), {
    path,
    limitSec: action.limitSec,
    silenceSec: action.silenceSec,
    terminators: action.terminators,
  });
  const kept = await recordings.finish(id);
  const spokenMs = kept.state === 'ready' ? await recordings.spokenMs(kept) : 0;
  return { kind: 'recorded', recordingId: id, spokenMs, terminator };
}
