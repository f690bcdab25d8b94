import { Problem } from './client.ts';

/** Refusals that say: it is as you wish already. Nothing has failed for whoever wished it. */
const alreadySo: ReadonlySet<string> = new Set([
  'request.unchanged',
  'offer.over',
  'offer.not_found',
  'agent.already_seated',
  'agent.already_so',
  'supervision.none',
  'supervision.already',
  'alarm.over',
  'do_not_call.lifted',
  'do_not_call.exists',
  'do_not_call.nothing_new',
  'second_factor.none',
  'flow.live_already',
]);

/** What an act on a conversation leads to. */
const leadsTo: Readonly<Record<string, readonly string[]>> = {
  hold: ['held'],
  resume: ['talking'],
  confer: ['conference'],
  'hang up': ['ended'],
  'cancel the consultation': ['talking', 'held'],
};

/** Whether a refusal only says that what was wished is so already: held twice, declined when it was over. */
export function isAlreadySo(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  const { code, details } = error;
  if (alreadySo.has(code)) return true;
  if (code === 'conversation.wrong_state') {
    const { act, state } = details;
    return typeof act === 'string' && (leadsTo[act] ?? []).some((one) => one === state);
  }
  return code.endsWith('.illegal_transition') && details['from'] === details['to'];
}

/** For writes of which only the outcome counts: undefined when it stood already. */
export async function orAlready<T>(write: Promise<T>, ...codes: string[]): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (isAlreadySo(error)) return undefined;
    if (error instanceof Problem && codes.includes(error.code)) return undefined;
    throw error;
  }
}
