import { AppError } from '../../core/errors.ts';

/** One page of a fax as TIFF 6.0 (class F, RFC 2306) holds it: one bit a pixel, coded as ITU-T T.4 or T.6. */
export interface FaxPage {
  width: number;
  height: number;
  /** Dots per inch. */
  xDpi: number;
  yDpi: number;
  /** `k` of PDF's CCITTFaxDecode: below 0 T.6, 0 T.4 in one dimension, above 0 in two. */
  k: number;
  isBlackOne: boolean;
  isByteAligned: boolean;
  /** Most significant bit first. */
  data: Buffer;
}

export class FaxFileError extends AppError {
  constructor(what: string) {
    super({ code: 'fax.unreadable', status: 422, message: `The fax cannot be read: ${what}.` });
  }
}

const tags = {
  width: 256,
  height: 257,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  offsets: 273,
  counts: 279,
  xResolution: 282,
  yResolution: 283,
  t4Options: 292,
  resolutionUnit: 296,
} as const;

const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };
const longestFax = 500;

/** Pages in order. Throws `fax.unreadable` for anything that a fax application would not write. */
export function readFaxTiff(file: Buffer): FaxPage[] {
  try {
    const reader = readerOf(file);
    const pages: FaxPage[] = [];
    for (let at = reader.long(4); at !== 0 && pages.length < longestFax;) {
      const directory = reader.directory(at);
      pages.push(pageOf(file, directory.values));
      at = directory.next;
    }
    return pages;
  } catch (error) {
    if (error instanceof RangeError) throw new FaxFileError('it ends too early');
    throw error;
  }
}

function readerOf(file: Buffer) {
  const order = file.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') throw new FaxFileError('it is no TIFF file');
  const isLittle = order === 'II';
  const short = (at: number) => (isLittle ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const long = (at: number) => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const one = (type: number, at: number): number => {
    if (type === 3) return short(at);
    if (type === 4) return long(at);
    if (type === 5) return long(at) / (long(at + 4) || 1);
    return file.readUInt8(at);
  };
  const directory = (at: number) => {
    const count = short(at);
    const values = new Map<number, number[]>();
    for (let index = 0; index < count; index += 1) {
      const entry = at + 2 + index * 12;
      const type = short(entry + 2);
      const size = sizes[type];
      const length = long(entry + 4);
      if (size === undefined || length > 100_000) continue;
      const from = size * length <= 4 ? entry + 8 : long(entry + 8);
      values.set(
        short(entry),
        Array.from({ length }, (_, item) => one(type, from + item * size)),
      );
    }
    return { values, next: long(at + 2 + count * 12) };
  };
  return { long, directory };
}

function pageOf(file: Buffer, values: ReadonlyMap<number, readonly number[]>): FaxPage {
  const value = (tag: number, usual: number) => values.get(tag)?.[0] ?? usual;
  const compression = value(tags.compression, 1);
  const options = value(tags.t4Options, 0);
  if (compression !== 3 && compression !== 4) throw new FaxFileError('it is not coded as a fax');
  const offsets = values.get(tags.offsets) ?? [];
  const counts = values.get(tags.counts) ?? [];
  const strips = offsets.map((from, at) => file.subarray(from, from + (counts[at] ?? 0)));
  // In strips a T.6 page would have to be decoded to be joined; fax applications write one.
  if (strips.length !== 1 && compression === 4) throw new FaxFileError('a page is cut in strips');
  const data = Buffer.concat(strips);
  const perUnit = value(tags.resolutionUnit, 2) === 3 ? 2.54 : 1;
  return {
    width: value(tags.width, 0),
    height: value(tags.height, 0),
    xDpi: value(tags.xResolution, 204) * perUnit,
    yDpi: value(tags.yResolution, 98) * perUnit,
    k: compression === 4 ? -1 : options & 1,
    isBlackOne: value(tags.photometric, 0) !== 0,
    isByteAligned: (options & 4) !== 0,
    data: value(tags.fillOrder, 1) === 2 ? reversed(data) : data,
  };
}

const mirrored = Uint8Array.from({ length: 256 }, (_, byte) => {
  let result = 0;
  for (let bit = 0; bit < 8; bit += 1) result |= ((byte >> bit) & 1) << (7 - bit);
  return result;
});

function reversed(data: Buffer): Buffer {
  return Buffer.from(data.map((byte) => mirrored[byte] ?? 0));
}
