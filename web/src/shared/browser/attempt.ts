/**
 * Something of the browser that may be missing, refused or throw (Chrome on Android has a `Notification` that
 * cannot be constructed): told to the console once a kind, and undefined. Nothing that only adds comfort may
 * take the page with it.
 */
export function attempt<T>(what: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    tell(what, error);
    return undefined;
  }
}

/** The same for what answers later. */
export async function attemptLater<T>(
  what: string,
  work: () => Promise<T> | undefined,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    tell(what, error);
    return undefined;
  }
}

const told = new Set<string>();

function tell(what: string, error: unknown): void {
  if (told.has(what)) return;
  told.add(what);
  console.warn(`${what} is not possible in this browser`, error);
}
