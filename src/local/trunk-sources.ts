import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

interface NamedTrunk {
  name: string;
  address: { host: string } | undefined;
  sources: readonly string[];
}

/** With the demo's telephones, whoever calls from this machine is a carrier: `npm run phone`, the README's examples. */
export const demoTrunk = { demo: ['127.0.0.0/8', '::1'] } as const;

/** A name server that does not answer must not keep the service from its start. */
const longestLookUpMs = 3000;

/**
 * By trunk: the addresses that its calls may come from. Its own address is one of them; one that is given as a
 * name is looked up once, here, and never when a call comes.
 */
export async function trunkSources(
  { trunks, demoPhones }: { trunks: readonly NamedTrunk[]; demoPhones: string },
  log: Log,
): Promise<Record<string, readonly string[]>> {
  const found = await Promise.all(
    trunks.map(async ({ name, address, sources }) => {
      const own = address === undefined ? [] : await addressesOf(address.host, name, log);
      return [name, [...own, ...sources]] as const;
    }),
  );
  // A trunk of the settings on this machine is the one that is named.
  return { ...Object.fromEntries(found), ...(demoPhones === 'open' ? demoTrunk : {}) };
}

async function addressesOf(host: string, trunk: string, log: Log): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the name server does not answer')), longestLookUpMs);
  });
  try {
    const found = await Promise.race([lookup(host, { all: true }), late]);
    return found.map(({ address }) => address);
  } catch (error) {
    log.warn(
      { trunk, host, reason: messageOf(error) },
      'trunk address not resolved; its callers are strangers until TRUNKS names it behind |',
    );
    return [];
  } finally {
    clearTimeout(timer);
  }
}
