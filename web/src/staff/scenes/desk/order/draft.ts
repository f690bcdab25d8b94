/** The half-written order: what goes into it by itself, and when it can be made. Pure. */
import type { OrderDraft } from '../../../../../../src/contract/agents/agents.ts';
import type { Pop } from '../../../../../../src/contract/agents/pop.ts';
import { homeOf, personOf } from '../pop-facts.ts';

export const orderKinds = [
  'repair',
  'complaint',
  'suggestion',
  'consultation',
  'booking',
  'listing',
  'emergency',
  'decoration',
  'other',
] as const;

export const categories: Readonly<Record<string, readonly string[]>> = {
  repair: ['water', 'electricity', 'gas', 'house', 'lift', 'public', 'other'],
  complaint: ['service', 'noise', 'cleaning', 'security', 'parking', 'fees', 'other'],
  suggestion: ['service', 'environment', 'facilities', 'other'],
  consultation: ['fees', 'decoration', 'policy', 'facilities', 'other'],
  booking: ['club', 'gym', 'visit', 'other'],
  listing: ['sale', 'second_hand', 'wanted', 'to_let', 'to_rent', 'other'],
  emergency: ['lift', 'gas', 'fire', 'flood', 'security', 'other'],
  decoration: ['application', 'inspection', 'complaint', 'other'],
  other: ['other'],
};

type Hint = Pick<OrderDraft, 'kind' | 'category'>;

/** What keys pressed at a node of the shipped menu say about the matter. */
const keyHints: Readonly<Record<string, Readonly<Record<string, Hint>>>> = {
  main: {
    '1': { kind: 'consultation', category: 'fees' },
    '2': { kind: 'repair' },
    '3': { kind: 'complaint' },
    '6': { kind: 'booking' },
    '9': { kind: 'emergency' },
  },
  repairKind: {
    '1': { kind: 'repair', category: 'water' },
    '2': { kind: 'repair', category: 'electricity' },
    '3': { kind: 'repair', category: 'gas' },
    '4': { kind: 'repair', category: 'house' },
    '5': { kind: 'repair', category: 'other' },
  },
  opinion: { '1': { kind: 'complaint' }, '2': { kind: 'suggestion' } },
};

/** What the agent need not type: the caller, the home, and what they already chose by key. */
export function filledDraft(pop: Pop, draft: OrderDraft): OrderDraft {
  const person = personOf(pop);
  const home = homeOf(pop, person);
  const hint = hintOf(pop);
  const kind = draft.kind ?? hint.kind;
  const category = draft.category ?? (draft.kind === undefined ? hint.category : undefined);
  return {
    ...draft,
    // Nobody guesses what the caller has not said: it stays open until the agent knows.
    ...(kind === undefined ? {} : { kind, category: category ?? 'other' }),
    severity: draft.severity ?? (pop.isEmergency || kind === 'emergency' ? 'serious' : 'minor'),
    personId: pop.personId ?? person?.personId ?? draft.personId ?? null,
    roomId: pop.roomId ?? home?.roomId ?? draft.roomId ?? null,
  };
}

/** The last choice counts: people go back and choose again, and who goes back to choose a person has chosen nothing. */
export function hintOf(pop: Pick<Pop, 'isEmergency' | 'path'>): Hint {
  if (pop.isEmergency) return { kind: 'emergency', category: 'other' };
  let chosen: Hint = {};
  for (const { node, key } of pop.path) {
    if (key === null) continue;
    const hint = keyHints[node]?.[key];
    if (hint !== undefined) chosen = hint;
    else if (key === '*' || node === 'main') chosen = {};
  }
  return chosen;
}

/** Nothing typed yet: then there is nothing to lose, and no need to warn. */
export function isUntouched(draft: OrderDraft): boolean {
  return (draft.summary ?? '').trim() === '' && (draft.notes ?? '').trim() === '';
}
