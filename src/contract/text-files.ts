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

/**
 * Cells as a spreadsheet reads them. What begins like a formula is shown, not run: a name such as
 * `=HYPERLINK(…)` comes from outside (OWASP, CSV injection). Numbers that are only digits stay text.
 * Programs differ in what they pass over before a sign and which signs they take for it: blanks, line ends,
 * characters of no width, and the full-width forms of a Chinese keyboard count as well.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = isFormula(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isFormula(text: string): boolean {
  // A line end or a tab at the beginning may end the cell; what stands after it is then the beginning.
  if (/^[\t\r\n]/.test(text)) return true;
  // Only the beginning: NFKC of a long text costs more than the question is worth.
  const [begin = ''] =
    /[^\p{White_Space}\p{C}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u.exec(text) ?? [];
  return /^[=+\-@\u2212]/.test(begin.normalize('NFKC'));
}

/** Excel takes UTF-8 for something else without it. */
export const byteOrderMark = '\uFEFF';
