import t from 'tap';
import { faxPdf } from '../../src/faxes/format/pdf.ts';
import { readFaxTiff } from '../../src/faxes/format/read-tiff.ts';

/** A page of white lines in T.6: each line is one bit (V0), then the end-of-block code. */
const whiteLines = Buffer.from([0xff, 0x00, 0x10, 0x01]);

type Entry = readonly [tag: number, type: 3 | 4, value: number];

/** A little-endian TIFF with one directory for each page. */
function tiff(pages: readonly (readonly Entry[])[], data: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0]), Buffer.alloc(4), data];
  let at = 8 + data.length;
  parts[1]!.writeUInt32LE(at);
  pages.forEach((entries, index) => {
    const directory = Buffer.alloc(2 + entries.length * 12 + 4);
    directory.writeUInt16LE(entries.length);
    entries.forEach(([tag, type, value], entry) => {
      const from = 2 + entry * 12;
      directory.writeUInt16LE(tag, from);
      directory.writeUInt16LE(type, from + 2);
      directory.writeUInt32LE(1, from + 4);
      if (type === 3) directory.writeUInt16LE(value, from + 8);
      else directory.writeUInt32LE(value, from + 8);
    });
    at += directory.length;
    directory.writeUInt32LE(index + 1 < pages.length ? at : 0, directory.length - 4);
    parts.push(directory);
  });
  return Buffer.concat(parts);
}

const page = (fillOrder: number, compression = 4): readonly Entry[] => [
  [256, 4, 1728],
  [257, 4, 8],
  [259, 3, compression],
  [262, 3, 0],
  [266, 3, fillOrder],
  [273, 4, 8],
  [279, 4, whiteLines.length],
];

void t.test('given a fax of two pages, then the PDF holds both as they came', (t) => {
  const pages = readFaxTiff(tiff([page(1), page(1)], whiteLines));
  t.match(pages, [{ width: 1728, height: 8, k: -1, isBlackOne: false }, { width: 1728 }]);
  t.same(pages[0]?.data, whiteLines);
  const pdf = faxPdf(pages);
  const text = pdf.toString('latin1');
  t.match(text, /^%PDF-1\.4/);
  t.match(text, '/Type /Pages /Count 2');
  t.equal(text.match(/CCITTFaxDecode/g)?.length, 2);
  const table = Number(/startxref\n(\d+)/.exec(text)?.[1]);
  t.equal(text.slice(table, table + 4), 'xref', 'a reader finds its way');
  const offsets = [...text.matchAll(/^(\d{10}) 00000 n /gm)].map((match) => Number(match[1]));
  offsets.forEach((from, index) => {
    t.equal(text.slice(from, from + 7).trim(), `${index + 1} 0 obj`.slice(0, 7).trim());
  });
  t.end();
});

void t.test('given bits the other way round, then they are turned', (t) => {
  const [one] = readFaxTiff(tiff([page(2)], whiteLines));
  t.same([...one!.data], [0xff, 0x00, 0x08, 0x80]);
  t.end();
});

void t.test('given anything else, then it is refused by name', (t) => {
  t.throws(() => readFaxTiff(Buffer.from('RIFF....WAVE')), { code: 'fax.unreadable' });
  t.throws(() => readFaxTiff(tiff([page(1, 1)], whiteLines)), { code: 'fax.unreadable' });
  t.throws(() => readFaxTiff(tiff([page(1)], whiteLines).subarray(0, 30)), {
    code: 'fax.unreadable',
  });
  t.end();
});
