import type { Action, Outcome } from '../../content/index.ts';
import { forgetKeys } from '../../cti/index.ts';
import { normaliseNumber } from '../../property/index.ts';
import type { ActionParts, Turn } from './actions.types.ts';
import { collectKeys } from './speak.ts';

/** Asks for the phone PIN, which stands nowhere once it was checked. */
export async function verifyPin(
  parts: ActionParts,
  { call, state }: Turn,
  action: Extract<Action, { do: 'verifyPin' }>,
): Promise<Outcome> {
  const pin = await collectKeys(parts, call, String(state.step), action);
  await forgetKeys(call);
  if (pin === '') return { kind: 'silence' };
  if (pin.includes('*')) return { kind: 'result', result: 'back' };
  const { db, clock } = parts.records;
  const number = normaliseNumber(call.callerNumber);
  const { personId, others = [] } = action;
  const one = { personId, others, number, pin, callId: call.id };
  const checked = await parts.pins.verify(db, clock, one);
  const whose = checked.result === 'ok' ? checked.personId : personId;
  call.record('pin.checked', { result: checked.result, personId: whose });
  if (checked.result === 'ok') void call.update({ personId: whose });
  const triesLeft = checked.result === 'wrong' ? checked.triesLeft : 0;
  return { kind: 'result', result: checked.result, vars: { triesLeft } };
}
