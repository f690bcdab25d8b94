import type { Directory, DirectoryUser } from '../sip/index.ts';
import { askForUser, type XmlCurlOptions } from './xml-curl.ts';

export interface DirectoryOptions {
  /** From the settings; they come before those of the service. */
  users: readonly DirectoryUser[];
  /** The service; left out, only the settings count. */
  service: XmlCurlOptions | undefined;
}

interface Entry {
  user: DirectoryUser | undefined;
  askedAt: number;
}

/** An answer this old is asked for again; it still counts while the service cannot be reached. */
const freshMs = 60_000;
/** A stranger who tries names must not fill the memory. */
const maxEntries = 10_000;

export interface SwitchDirectory extends Directory {
  /** `reloadxml`: everything is asked for anew. */
  reload(options: DirectoryOptions): void;
}

export function createDirectory(
  first: DirectoryOptions,
  now: () => number = Date.now,
): SwitchDirectory {
  let options = first;
  const entries = new Map<string, Entry>();
  const own = (username: string) => options.users.find((one) => one.username === username);
  const ask = async (username: string): Promise<DirectoryUser | undefined> => {
    const entry = entries.get(username);
    if (options.service === undefined || !/^[\w.-]{1,64}$/.test(username)) return undefined;
    try {
      const user = await askForUser(options.service, username);
      if (entries.size >= maxEntries) entries.clear();
      entries.set(username, { user, askedAt: now() });
      return user;
    } catch (error) {
      // The service is being started anew: who was let in before still is.
      if (entry !== undefined) return entry.user;
      throw error;
    }
  };
  return {
    known: (username) => own(username) ?? entries.get(username)?.user,
    async find(username) {
      const listed = own(username);
      if (listed !== undefined) return listed;
      const entry = entries.get(username);
      return entry !== undefined && now() - entry.askedAt < freshMs ? entry.user : ask(username);
    },
    refresh: async (username) => own(username) ?? ask(username),
    reload(next) {
      options = next;
      // Kept for the case that nobody answers, but asked for at the next occasion.
      for (const entry of entries.values()) entry.askedAt = -Infinity;
    },
  };
}
