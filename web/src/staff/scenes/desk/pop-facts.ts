/** What a pop says, worked out for the screen. Pure. */
import type { Static } from 'typebox';
import type { Pop, PopCandidate, PopHome } from '../../../../../src/contract/agents/pop.ts';

export type Candidate = Static<typeof PopCandidate>;
export type Home = Static<typeof PopHome>;

/** Who is meant: the one who was named, or the only one it can be. */
export function personOf(pop: Pop): Candidate | undefined {
  if (pop.personId !== null) return pop.candidates.find((one) => one.personId === pop.personId);
  return pop.candidates.length === 1 ? pop.candidates[0] : undefined;
}

/** Which home: the one named, the only one, or the only one in the estate that was dialled. */
export function homeOf(pop: Pop, person = personOf(pop)): Home | undefined {
  if (person === undefined) return undefined;
  const named = person.homes.find((one) => one.roomId === pop.roomId);
  if (named !== undefined) return named;
  if (person.homes.length === 1) return person.homes[0];
  const here = person.homes.filter((one) => one.estateId === pop.estateId);
  return here.length === 1 ? here[0] : undefined;
}

export function owedFen(person: Candidate): number {
  return person.homes.reduce((sum, home) => sum + home.unpaidFen, 0);
}

/** People and homes an agent can point at, numbered as the keys Alt+1 … Alt+9 number them. */
export interface Choice {
  person: Candidate;
  home: Home | undefined;
}

export function choicesOf(pop: Pop): Choice[] {
  return pop.candidates.flatMap<Choice>((person) =>
    person.homes.length === 0
      ? [{ person, home: undefined }]
      : person.homes.map((home) => ({ person, home })),
  );
}

/** What somebody is called of whom nothing is known. */
export function unknownOf({ direction }: Pick<Pop, 'direction'>) {
  return direction === 'outbound' ? 'caller.unknownDialled' : 'caller.unknown';
}
