import { readNumber } from '../numbers.ts';

export type AddressChannel = 'email' | 'fax';

/** Dot-atoms (RFC 5322) of at most 64 octets before the @ (RFC 5321), a domain with a dot behind it. */
const local = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const label = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const longest = 254;

/**
 * An address as it is kept, or undefined when it cannot be one. Quoted local parts and non-ASCII
 * addresses are refused: few servers take them, and mistyped ones look like them.
 */
export function normaliseAddress(channel: AddressChannel, text: string): string | undefined {
  return channel === 'email' ? normaliseMail(text.trim()) : normaliseFax(text.trim());
}

function normaliseMail(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const [name, domain] = [text.slice(0, at), text.slice(at + 1).toLowerCase()];
  if (at < 1 || at > 64 || text.length > longest || !local.test(name)) return undefined;
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((one) => label.test(one))) return undefined;
  // The last label of a name is never a number; this would be an address of the internet protocol.
  return /^\d+$/.test(labels.at(-1) ?? '') ? undefined : `${name}@${domain}`;
}

function normaliseFax(text: string): string | undefined {
  const reading = readNumber(text);
  if (reading.is !== 'number' || reading.extension !== undefined) return undefined;
  return reading.kind !== 'emergency' && reading.number.length >= 5 ? reading.number : undefined;
}
