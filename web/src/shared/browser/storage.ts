/** What this browser remembers. A browser that refuses (private windows, policies) forgets, and all else works. */
import { attempt } from './attempt.ts';

export function stored(key: string, where: 'local' | 'session' = 'local'): string | null {
  return attempt('storage', () => storageOf(where).getItem(key)) ?? null;
}

/** Null forgets it. */
export function store(
  key: string,
  value: string | null,
  where: 'local' | 'session' = 'local',
): void {
  attempt('storage', () => {
    if (value === null) storageOf(where).removeItem(key);
    else storageOf(where).setItem(key, value);
  });
}

function storageOf(where: 'local' | 'session'): Storage {
  return where === 'local' ? localStorage : sessionStorage;
}
