import { legVariable } from '../call/recovery.ts';

/**
 * What a leg itself knows of the step it is at, for a process that did not see the step end: `lt_step`, written
 * before the application is queued, and a proof that the application is over. Some applications leave one, a
 * variable of theirs that is cleared together with the writing of `lt_step`; it begins with `~` then. The others are
 * followed by `set lt_done=<step>`, which costs the switch as much as any application.
 */

type Variables = Readonly<Record<string, string>>;

/**
 * Set when the application ends, and by nothing else that may run at that time. Not when a file is missing: then
 * the leg says nothing, and is asked (`LiveCall.refresh`).
 */
const proofs: Readonly<Record<string, string>> = {
  playback: 'playback_ms',
  play_and_get_digits: 'read_result',
};

export function proofOf(application: string): string | undefined {
  return Object.hasOwn(proofs, application) ? proofs[application] : undefined;
}

/** What is written on the leg before the application is queued. */
export function stepVariables(step: string, proof: string | undefined): Record<string, string> {
  return proof === undefined
    ? { [legVariable.step]: step }
    : { [proof]: '', [legVariable.step]: `~${step}` };
}

export function isStepDone(variables: Variables, step: string, application: string): boolean {
  if (!isAtStep(variables, step)) return false;
  if (variables[legVariable.done] === step) return true;
  const proof = proofOf(application);
  return (
    variables[legVariable.step] === `~${step}` &&
    proof !== undefined &&
    (variables[proof] ?? '') !== ''
  );
}

/** Queued or begun, as far as the leg can tell; also when it is over and left no proof. */
export function isStepRunning(variables: Variables, step: string, application: string): boolean {
  return isAtStep(variables, step) && variables['current_application'] === application;
}

function isAtStep(variables: Variables, step: string): boolean {
  return variables[legVariable.step] === step || variables[legVariable.step] === `~${step}`;
}
