/**
 * The text of a file as offices save it: UTF-8 with or without its mark, UTF-16, and the GB18030 of a Chinese
 * spreadsheet. Free of imports: the web reads files by it, too.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  if (first === 0xff && second === 0xfe) return decode('utf-16le', bytes);
  if (first === 0xfe && second === 0xff) return decode('utf-16be', bytes);
  // Without a mark, every second byte of what is mostly ASCII is empty.
  const zeros = emptyBytes(bytes.subarray(0, 200));
  if (zeros.odd > 4 && zeros.even === 0) return decode('utf-16le', bytes);
  if (zeros.even > 4 && zeros.odd === 0) return decode('utf-16be', bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return decode('gb18030', bytes);
  }
}

function decode(label: string, bytes: Uint8Array): string {
  return new TextDecoder(label).decode(bytes);
}

function emptyBytes(bytes: Uint8Array): { even: number; odd: number } {
  const found = { even: 0, odd: 0 };
  bytes.forEach((byte, at) => {
    if (byte === 0) found[at % 2 === 0 ? 'even' : 'odd'] += 1;
  });
  return found;
}
