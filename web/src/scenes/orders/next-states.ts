/** What may follow, in the order in which it is usual. The service has the last word. */
const next: Readonly<Record<string, readonly string[]>> = {
  new: ['accepted', 'dispatched', 'cancelled'],
  accepted: ['dispatched', 'in_progress', 'cancelled'],
  dispatched: ['in_progress', 'accepted', 'cancelled'],
  in_progress: ['done', 'dispatched'],
  done: ['confirmed', 'in_progress'],
  confirmed: ['closed', 'in_progress'],
  closed: ['in_progress'],
  cancelled: [],
};

export function nextStates(state: string): readonly string[] {
  return next[state] ?? [];
}
