import { AppError } from './errors.ts';

/** A state machine as a table: from each state, the states that may follow. */
export type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>;

export class IllegalTransitionError extends AppError {
  constructor(subject: string, from: string, to: string) {
    super({
      code: `${subject}.illegal_transition`,
      status: 409,
      message: `A ${subject.replaceAll('_', ' ')} that is ${from} cannot become ${to}.`,
      details: { from, to },
    });
  }
}

/** Returns `to`, or throws `IllegalTransitionError` naming both states. */
export function checkTransition<State extends string>(
  subject: string,
  table: Transitions<State>,
  from: State,
  to: State,
): State {
  if (!table[from].includes(to)) throw new IllegalTransitionError(subject, from, to);
  return to;
}

/** States that no path from `initial` reaches; a test asserts that there are none. */
export function unreachableStates<State extends string>(
  table: Transitions<State>,
  initial: State,
): State[] {
  const seen = new Set<State>([initial]);
  const open: State[] = [initial];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const next of table[state]) {
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return (Object.keys(table) as State[]).filter((state) => !seen.has(state));
}
