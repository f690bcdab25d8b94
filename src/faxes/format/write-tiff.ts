import { encodeT4, type Bitmap } from './t4.ts';

/** ITU-T T.4 "fine": 8 dots a millimetre across, 7.7 down. */
export const dpi = { x: 204, y: 196 } as const;

const short = 3;
const long = 4;
const rational = 5;

/** TIFF class F (RFC 2306) with one strip a page, as fax programs take it. */
export function faxTiff(pages: readonly Bitmap[]): Buffer {
  const parts: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0])];
  let at = 8;
  const add = (part: Buffer): number => {
    const from = at;
    const padded = part.length % 2 === 0 ? part : Buffer.concat([part, Buffer.alloc(1)]);
    parts.push(padded);
    at += padded.length;
    return from;
  };
  // Where the offset of the next directory is to be written.
  let link = { part: 0, offset: 4 };
  for (const [number, page] of pages.entries()) {
    const data = encodeT4(page);
    const strip = add(data);
    const resolution = Buffer.alloc(16);
    for (const [index, value] of [dpi.x, 1, dpi.y, 1].entries()) {
      resolution.writeUInt32LE(value, index * 4);
    }
    const resolutions = add(resolution);
    const directory = directoryOf([
      // Width and height, one bit a pixel, T.4 in one dimension, 0 is white.
      ...([
        [256, long, 1, page.width],
        [257, long, 1, page.height],
        [258, short, 1, 1],
        [259, short, 1, 3],
        [262, short, 1, 0],
        [266, short, 1, 1],
        [273, long, 1, strip],
        [277, short, 1, 1],
        [278, long, 1, page.height],
        [279, long, 1, data.length],
        [282, rational, 1, resolutions],
        [283, rational, 1, resolutions + 8],
        [292, long, 1, 0],
        [296, short, 1, 2],
        // Two numbers of two bytes: this page, and of how many.
        [297, short, 2, number | (pages.length << 16)],
      ] as const),
    ]);
    parts[link.part]?.writeUInt32LE(at, link.offset);
    link = { part: parts.length, offset: directory.length - 4 };
    add(directory);
  }
  return Buffer.concat(parts);
}

function directoryOf(entries: readonly (readonly [number, number, number, number])[]): Buffer {
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const from = 2 + index * 12;
    directory.writeUInt16LE(tag, from);
    directory.writeUInt16LE(type, from + 2);
    directory.writeUInt32LE(count, from + 4);
    directory.writeUInt32LE(value >>> 0, from + 8);
  }
  return directory;
}
