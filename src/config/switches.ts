import { isIP } from 'node:net';
import type { Reader } from './reader.ts';

export interface Trunk {
  name: string;
  address: { host: string; port: number; username?: string; password?: string } | undefined;
  /** Addresses and networks that it calls from, besides its own address. */
  sources: readonly string[];
}

export interface SwitchNode {
  name: string;
  host: string;
  port: number;
  password: string;
}

type SwitchReader = Pick<Reader<'ESL_URLS' | 'TRUNKS'>, 'optional' | 'fault'>;

export function readNodes(read: SwitchReader): SwitchNode[] {
  const value = read.optional('ESL_URLS');
  if (value === undefined) return [];
  return value.split(',').flatMap((text, index) => {
    const url = text.trim();
    if (!URL.canParse(url) || new URL(url).protocol !== 'esl:') {
      read.fault('ESL_URLS', 'must be a comma list like esl://:password@127.0.0.1:8021');
      return [];
    }
    const { hostname, port, password, username } = new URL(url);
    return [
      {
        name: username === '' ? `switch${index + 1}` : decodeURIComponent(username),
        host: hostname,
        port: port === '' ? 8021 : Number(port),
        password: decodeURIComponent(password),
      },
    ];
  });
}

export function readTrunks(read: SwitchReader): Trunk[] {
  return (read.optional('TRUNKS')?.split(',') ?? []).flatMap((text): Trunk[] => {
    const equals = text.indexOf('=');
    const label = (equals < 0 ? text : text.slice(0, equals)).trim();
    const rest = equals < 0 ? undefined : text.slice(equals + 1).trim();
    // A password may hold the separator of the addresses.
    const at = rest === undefined ? -1 : rest.lastIndexOf('@');
    const [where, ...sources] = rest?.slice(at + 1).split('|') ?? [];
    const login = at < 0 ? '' : (rest?.slice(0, at + 1) ?? '');
    const match = /^(?:([\w.-]+):([^@]*)@)?([\w.-]+)(?::(\d+))?$/.exec(login + (where ?? ''));
    if (!/^[\w-]+$/.test(label) || (rest !== undefined && match === null)) {
      read.fault('TRUNKS', 'must be a comma list like carrier1=user:password@192.0.2.1:5060');
      return [];
    }
    for (const source of sources) {
      if (!isNetwork(source)) {
        read.fault('TRUNKS', `has "${source}" behind |; use addresses and networks: |192.0.2.0/28`);
      }
    }
    if (match === null) return [{ name: label, address: undefined, sources: [] }];
    const [, username, password, host = '', port] = match;
    const account = username === undefined ? {} : { username, password: password ?? '' };
    return [{ name: label, address: { host, port: Number(port ?? 5060), ...account }, sources }];
  });
}

/** An address or a network in CIDR notation. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32);
}
