import { isLoopback } from './addresses.ts';

/**
 * Whether a Host header names us: this machine, or one of the names. A page of the Internet may have its own name
 * lead to this machine (DNS rebinding); it is then of the same origin as we are, and only the name gives it away. Pure.
 */
export function isOurHost(header: string, names: readonly string[]): boolean {
  const host = hostNameOf(header);
  if (host === undefined) return false;
  return isLoopback(host) || names.some((name) => hostNameOf(name) === host);
}

/** Of `name:port`, in small letters; undefined where there is none. */
export function hostNameOf(header: string): string | undefined {
  // A user, a path or a blank would be something else than a host.
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(header)) return undefined;
  if (!URL.canParse(`http://${header}`)) return undefined;
  return new URL(`http://${header}`).hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}
