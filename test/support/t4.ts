import { t4Codes } from '../../src/faxes/format/t4.ts';

const endOfLine = '000000000001';
const tables = t4Codes.map(
  (codes) => new Map(codes.map((code, at) => [code, at < 64 ? at : (at - 63) * 64])),
);

/** The bits of a page that was coded as ITU-T T.4 in one dimension; throws at a code that is none. */
export function decodeT4(data: Buffer, width: number): Uint8Array {
  const text = [...data].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const stride = Math.ceil(width / 8);
  const rows: Uint8Array[] = [];
  let at = 0;
  while (text.startsWith(endOfLine, at)) {
    at += endOfLine.length;
    const row = new Uint8Array(stride);
    let colour = 0;
    for (let x = 0; x < width; colour = 1 - colour) {
      let run = 0;
      for (let part = 64; part >= 64; run += part) [part, at] = next(text, at, colour);
      for (let end = x + run; x < end; x += 1) {
        if (colour === 1) row[x >> 3] = (row[x >> 3] ?? 0) | (0x80 >> (x & 7));
      }
    }
    rows.push(row);
  }
  return Buffer.concat(rows);
}

function next(text: string, from: number, colour: number): [run: number, at: number] {
  for (let to = from + 2; to <= from + 13; to += 1) {
    const run = tables[colour]?.get(text.slice(from, to));
    if (run !== undefined) return [run, to];
  }
  throw new Error(`no code at bit ${from}`);
}
