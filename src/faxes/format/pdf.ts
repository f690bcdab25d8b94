import type { FaxPage } from './read-tiff.ts';

/** A PDF 1.4 with the pages as they were received: nothing is decoded, so that nothing can be lost. */
export function faxPdf(pages: readonly FaxPage[]): Buffer {
  const objects: Buffer[] = [];
  const add = (text: string, stream?: Buffer): number => {
    const body =
      stream === undefined
        ? Buffer.from(text)
        : Buffer.concat([Buffer.from(`${text}\nstream\n`), stream, Buffer.from('\nendstream')]);
    objects.push(body);
    return objects.length;
  };
  add('<< /Type /Catalog /Pages 2 0 R >>');
  // The list of pages, written when they have their numbers.
  add('');
  const kids = pages.map((page) => {
    const wide = ((page.width / page.xDpi) * 72).toFixed(2);
    const high = ((page.height / page.yDpi) * 72).toFixed(2);
    const decode = `<< /K ${page.k} /Columns ${page.width} /Rows ${page.height} /BlackIs1 ${page.isBlackOne} /EncodedByteAlign ${page.isByteAligned} >>`;
    const image = add(
      `<< /Type /XObject /Subtype /Image /Width ${page.width} /Height ${page.height} /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms ${decode} /Length ${page.data.length} >>`,
      page.data,
    );
    const paint = Buffer.from(`q ${wide} 0 0 ${high} 0 0 cm /Page Do Q`);
    const content = add(`<< /Length ${paint.length} >>`, paint);
    return add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${wide} ${high}] /Resources << /XObject << /Page ${image} 0 R >> >> /Contents ${content} 0 R >>`,
    );
  });
  const list = kids.map((kid) => `${kid} 0 R`).join(' ');
  objects[1] = Buffer.from(`<< /Type /Pages /Count ${kids.length} /Kids [${list}] >>`);
  return file(objects);
}

function file(objects: readonly Buffer[]): Buffer {
  const parts = [Buffer.from('%PDF-1.4\n%\u00e2\u00e3\n', 'latin1')];
  let at = parts[0]?.length ?? 0;
  const offsets = objects.map((body, index) => {
    const from = at;
    const whole = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      body,
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(whole);
    at += whole.length;
    return from;
  });
  const table = offsets.map((from) => `${String(from).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
