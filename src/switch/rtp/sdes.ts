/** Keys of SRTP in the description (RFC 4568): `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:…`. */
export const srtpSuites = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const;
export type SrtpSuite = (typeof srtpSuites)[number];

/** 16 bytes of master key, then 14 of master salt. */
export const srtpKeyBytes = 30;

export interface Crypto {
  tag: number;
  suite: SrtpSuite;
  key: Buffer;
}

/** The first key of the stream that we can use; undefined when there is none. */
export function cryptoOf(lines: readonly string[]): Crypto | undefined {
  for (const line of lines) {
    const crypto = line.startsWith('a=crypto:') ? parseCrypto(line) : undefined;
    if (crypto !== undefined) return crypto;
  }
  return undefined;
}

function parseCrypto(line: string): Crypto | undefined {
  const [tag = '', suite = '', keys = '', ...parameters] = line
    .slice('a=crypto:'.length)
    .trim()
    .split(/ +/);
  if (!/^\d{1,9}$/.test(tag) || !isSuite(suite)) return undefined;
  // Session parameters change how packets are made (section 6.3); only the window hint does not.
  if (parameters.some((one) => !/^WSH=\d{1,4}$/.test(one))) return undefined;
  const inline = /^inline:([A-Za-z0-9+/]{40}={0,2})((?:\|[\w^:]{1,40}){0,2})$/.exec(keys);
  // `|1:4` is a key index in each packet, which we do not write.
  if (inline?.[1] === undefined || inline[2]?.includes(':') === true) return undefined;
  const key = Buffer.from(inline[1], 'base64');
  return key.length === srtpKeyBytes ? { tag: Number(tag), suite, key } : undefined;
}

function isSuite(text: string): text is SrtpSuite {
  return (srtpSuites as readonly string[]).includes(text);
}

export function cryptoLine({ tag, suite, key }: Crypto): string {
  return `a=crypto:${tag} ${suite} inline:${key.toString('base64')}`;
}
