import type { Action, Outcome } from '../../content/index.ts';
import type { ServeRequest } from '../../agents/index.ts';
import { messageOf } from '../../core/errors.ts';
import { hangup, type Call } from '../../cti/index.ts';
import type { ActionParts, Turn } from './actions.types.ts';

type TransferAction = Extract<Action, { do: 'transfer' }>;

/** 16 CFR 310.4: with no agent two seconds after the greeting, the person hears a message. */
const patienceMs = 1200;

export async function transfer(
  parts: ActionParts,
  { call, facts, state }: Turn,
  action: TransferAction,
): Promise<Outcome> {
  const isEmergency = action.to === 'emergency';
  const { dialled } = facts;
  const served = await parts.transfer(call, {
    step: String(state.step),
    queue: isEmergency
      ? 'emergency'
      : queueOf(action.to, dialled?.queue ?? facts.hotline.queueCode),
    ...(dialled === undefined ? {} : { dialled: promptly(parts, call, dialled.staffId, action) }),
    isEmergency,
    language: state.language,
    estateId: facts.hotline.estateId,
  });
  if (served.result === 'message') return { kind: 'result', result: 'failed' };
  void call.update({ outcome: served.result === 'talked' ? 'talked' : 'callback' });
  if (served.result === 'talked' && served.isAsked && action.hasSequel) {
    return { kind: 'result', result: 'talked' };
  }
  await hangup(call);
  return { kind: 'result', result: 'ok' };
}

/** Whoever we called is not kept waiting. */
function promptly(
  { outbound }: ActionParts,
  call: Call,
  staffId: string | undefined,
  { say }: TransferAction,
): NonNullable<ServeRequest['dialled']> {
  return {
    staffId,
    opening: say,
    patienceMs,
    onConnected: () => {
      outbound?.connected(call.id).catch((error: unknown) => {
        call.log.error({ reason: messageOf(error) }, 'conversation not written');
      });
    },
  };
}

/** `agent` is the campaign's or hotline's queue, or the one for everybody; `queue:repairs` one of its own. */
function queueOf(to: string, usual: string | null | undefined): string {
  return to.startsWith('queue:') ? to.slice('queue:'.length) : (usual ?? 'general');
}
