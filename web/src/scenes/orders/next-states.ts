/** What may follow, in the order in which it is usual. The service has the last word. */
const next: Readonly<Record<string, readonly string[]>> = {
  new: ['accepted', 'dispatched', 'cancelled'],
  accepted: ['dispatched', 'in_progress', 'done', 'cancelled'],
  dispatched: ['in_progress', 'accepted', 'done', 'cancelled'],
  in_progress: ['done', 'dispatched', 'cancelled'],
  done: ['confirmed', 'in_progress', 'closed'],
  confirmed: ['closed', 'in_progress'],
  closed: [],
  cancelled: [],
};

export function nextStates(state: string): readonly string[] {
  return next[state] ?? [];
}

/** Whether the job is right is for the owner to say; whoever decides without them says why. */
export function isReasonNeeded(kind: string, to: string | undefined): boolean {
  if (to === 'cancelled') return true;
  return (kind === 'repair' || kind === 'complaint') && (to === 'confirmed' || to === 'closed');
}
