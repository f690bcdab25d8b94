import type { Action, Outcome } from '../../content/index.ts';
import { messageOf } from '../../core/errors.ts';
import { CallGoneError, hangup } from '../../cti/index.ts';
import type { ActionParts, Turn } from './actions.types.ts';
import { lookUp } from './look-up.ts';
import { makeOrder } from './order.ts';
import { keepRating } from './rating.ts';
import { record } from './record.ts';
import { collectKeys, speak, wordsOf } from './speak.ts';
import { transfer } from './transfer.ts';
import { verifyPin } from './verify-pin.ts';

/** Does what a flow says, and tells what came of it. Throws `call.gone` alone: any other failure is an outcome. */
export async function perform(parts: ActionParts, turn: Turn, action: Action): Promise<Outcome> {
  const { call, state } = turn;
  try {
    return await act(parts, turn, action);
  } catch (error) {
    if (error instanceof CallGoneError || call.gone.aborted) throw new CallGoneError();
    call.log.error({ err: error, node: state.node, action: action.do }, 'flow action failed');
    return { kind: 'failed', reason: messageOf(error) };
  }
}

async function act(parts: ActionParts, turn: Turn, action: Action): Promise<Outcome> {
  const { call, facts, state } = turn;
  switch (action.do) {
    case 'play':
      await speak(parts, turn, action);
      return { kind: 'done' };
    case 'read':
    case 'collect':
      return ask(parts, turn, action);
    case 'verifyPin':
      return verifyPin(parts, turn, action);
    case 'record':
      return record(parts, turn, action);
    case 'lookup':
      return lookUp(parts.records, facts, state, action.what);
    case 'order': {
      const outcome = await makeOrder(parts.records, facts, state, action);
      void call.update({
        outcome: action.outcome,
        ...(action.roomId === undefined ? {} : { roomId: action.roomId }),
        ...(action.personId === undefined ? {} : { personId: action.personId }),
      });
      return outcome;
    }
    case 'transfer':
      return transfer(parts, turn, action);
    case 'survey':
      call.record('survey.answered', { survey: action.survey, score: action.score });
      // Answers to a campaign's questions are kept by the campaign.
      if (call.direction === 'inbound') await keepRating(parts.records, call.id, action);
      return { kind: 'done' };
    case 'campaign': {
      const { outbound } = parts;
      if (outbound === undefined) return { kind: 'failed', reason: 'no campaign' };
      return outbound.act(call, state, action);
    }
    case 'hangup':
      if (action.outcome !== undefined) void call.update({ outcome: action.outcome });
      await hangup(call);
      return { kind: 'done' };
    case 'end':
      return { kind: 'done' };
  }
}

async function ask(
  parts: ActionParts,
  { call, state }: Turn,
  action: Extract<Action, { do: 'collect' | 'read' }>,
): Promise<Outcome> {
  const words = await wordsOf(parts, action, state);
  if (words === undefined) return { kind: 'result', result: 'gone' };
  const digits = await collectKeys(parts, call, String(state.step), { ...action, say: words });
  // Keys of menus tell the way; longer inputs may be personal and stay out of the timeline.
  if (action.maxDigits === 1 && digits !== '') {
    call.record('flow.keyPressed', { node: state.node, key: digits });
  }
  return digits === '' ? { kind: 'silence' } : { kind: 'digits', digits };
}
