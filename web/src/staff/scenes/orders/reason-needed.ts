/** Whether the job is right is for the owner to say; whoever decides without them says why. */
export function isReasonNeeded(kind: string, to: string | undefined): boolean {
  if (to === 'cancelled') return true;
  return (kind === 'repair' || kind === 'complaint') && (to === 'confirmed' || to === 'closed');
}
