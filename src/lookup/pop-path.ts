import type { Pop } from '../contract/agents/pop.ts';

type PathStep = Pop['path'][number];

export interface StepRow {
  at: Date;
  kind: string;
  data: Record<string, unknown>;
}

/** Steps at which the caller did or heard something worth telling; look-ups and the like are not. */
const toldActions = new Set(['collect', 'verifyPin', 'record', 'order', 'transfer']);
const stepsShown = 40;

/** The way through the menu. A PIN shows as its node alone: its keys are recorded nowhere. */
export function pathOf(rows: readonly StepRow[]): PathStep[] {
  const path: PathStep[] = [];
  for (const { at, kind, data } of rows) {
    const node = data['node'];
    if (typeof node !== 'string') continue;
    const last = path.at(-1);
    if (kind === 'flow.keyPressed') {
      const key = typeof data['key'] === 'string' ? data['key'] : null;
      if (last?.node === node && last.key === null) last.key = key;
      else path.push({ at: at.toISOString(), node, key });
      continue;
    }
    if (kind !== 'flow.stepped' || !toldActions.has(String(data['action']))) continue;
    // The same node again without a key between: asked once more, or speaking before it acts.
    if (last?.node === node && last.key === null) continue;
    path.push({ at: at.toISOString(), node, key: null });
  }
  return path.slice(-stepsShown);
}

/** Who has passed the PIN in this call; `true` when the row does not say whose it was. */
export function verifiedPerson(rows: readonly StepRow[]): string | true | undefined {
  const passed = rows.findLast(
    ({ kind, data }) => kind === 'pin.checked' && data['result'] === 'ok',
  );
  if (passed === undefined) return undefined;
  const personId = passed.data['personId'];
  return typeof personId === 'string' ? personId : true;
}
