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

/** The key of the stream that we use: the first with the long tag, else the first that we can use at all. */
export function cryptoOf(lines: readonly string[]): Crypto | undefined {
  const usable = lines.flatMap((line) => {
    const crypto = line.startsWith('a=crypto:') ? parseCrypto(line) : undefined;
    return crypto === undefined ? [] : [crypto];
  });
  return usable.find(({ suite }) => suite === srtpSuites[0]) ?? usable[0];
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
