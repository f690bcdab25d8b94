/** Homes that the campaign came to an end with; those that it never called, since it was stopped, are not done. */
export function doneOf(contacts: Readonly<Record<string, number>>): number {
  return ['reached', 'unreached', 'excluded'].reduce((sum, one) => sum + (contacts[one] ?? 0), 0);
}
