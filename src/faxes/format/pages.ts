import { blankPage, fill, rule } from './draw.ts';
import type { Letter, LetterLine } from './letter.ts';
import type { Bitmap } from './t4.ts';
import { openTypeface, type Typeface } from './typeface.ts';

/** A4 in ITU-T T.4 "fine": 8 dots a millimetre across, 7.7 down. */
const page = { width: 1728, height: 2286 } as const;
const margin = { left: 130, right: 130, top: 170, bottom: 170 } as const;
/** Pixels of an em; 40 is 5 mm, which survives a bad line. */
const sizes = { title: 64, normal: 40, small: 32 } as const;
const leading = 1.6;

let opened: Promise<Typeface> | undefined;

/** Throws `fax.no_font` when the font's packages are not installed. */
export function typeface(): Promise<Typeface> {
  opened ??= openTypeface();
  return opened;
}

/** Draws a letter. Throws `fax.no_font`. */
export async function drawPages(letter: Letter): Promise<Bitmap[]> {
  const face = await typeface();
  const pages: Bitmap[] = [];
  let y: number = page.height;
  for (const line of letter.lines) {
    const size = sizes[line.size ?? 'normal'];
    const rows = line.kind === 'text' ? await wrap(face, line.text, size) : [line];
    for (const row of rows) {
      if (y + size * leading > page.height - margin.bottom) {
        pages.push(blankPage(page.width, page.height));
        y = margin.top;
      }
      const current = pages.at(-1);
      if (current === undefined) continue;
      y += Math.round(size * leading);
      if (typeof row === 'string') await write(face, current, row, margin.left, y, size);
      else await drawRow(face, current, row, y, size);
    }
  }
  for (const [at, one] of pages.entries()) {
    const text = `${letter.footer}  ${at + 1} / ${pages.length}`;
    await write(face, one, text, margin.left, page.height - 90, sizes.small);
  }
  return pages;
}

async function drawRow(
  face: Typeface,
  on: Bitmap,
  row: LetterLine,
  y: number,
  size: number,
): Promise<void> {
  if (row.kind === 'rule') {
    rule(on, y - Math.round(size / 2), margin.left, page.width - margin.right);
  }
  if (row.kind !== 'columns') return;
  const wide = page.width - margin.left - margin.right;
  for (const [at, text] of row.cells.entries()) {
    const share = row.shares.slice(0, at).reduce((sum, one) => sum + one, 0);
    const isLast = at === row.cells.length - 1;
    // Amounts stand at the right edge, one below the other.
    const x = isLast
      ? page.width - margin.right - (await widthOf(face, text, size))
      : margin.left + share * wide;
    await write(face, on, text, x, y, size);
  }
}

async function write(
  face: Typeface,
  on: Bitmap,
  text: string,
  x: number,
  y: number,
  size: number,
): Promise<void> {
  let at = x;
  for (const character of text) {
    const { advance, outline } = await face.glyph(character);
    if (outline.length > 0) fill(on, outline, [at, y], size);
    at += advance * size;
  }
}

async function widthOf(face: Typeface, text: string, size: number): Promise<number> {
  let wide = 0;
  for (const character of text) wide += (await face.glyph(character)).advance * size;
  return wide;
}

/** Chinese breaks between any two characters, other scripts between words. */
async function wrap(face: Typeface, text: string, size: number): Promise<string[]> {
  const limit = page.width - margin.left - margin.right;
  const rows: string[] = [];
  let row = '';
  for (const piece of text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/g) ?? ['']) {
    if (row !== '' && (await widthOf(face, row + piece.trimEnd(), size)) > limit) {
      rows.push(row);
      row = '';
    }
    row += piece;
  }
  return [...rows, row];
}
