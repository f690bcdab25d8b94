import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { FaxFontError } from '../faxes.errors.ts';

/** One part of an outline, in units of the font's em, upwards. */
export interface Stroke {
  command: 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'bezierCurveTo' | 'closePath';
  args: readonly number[];
}

export interface Glyph {
  /** Of the em. */
  advance: number;
  /** Coordinates are parts of the em. */
  outline: readonly Stroke[];
}

export interface Typeface {
  glyph(character: string): Promise<Glyph>;
}

interface Font {
  unitsPerEm: number;
  hasGlyphForCodePoint(codePoint: number): boolean;
  glyphForCodePoint(codePoint: number): {
    advanceWidth: number;
    path: { commands: readonly Stroke[] };
  };
}

const family = '@fontsource-variable/noto-sans-sc';

/**
 * Noto Sans SC, which is cut in a hundred files by the frequency of characters; a letter needs a few of
 * them. Throws `fax.no_font` when the optional packages are missing.
 */
export async function openTypeface(): Promise<Typeface> {
  const { create, folder, ranges } = await load();
  const fonts = new Map<string, Promise<Font>>();
  // Its thinnest weight: fontkitten cannot vary a WOFF2 file. `fill` makes the strokes thicker.
  const open = async (name: string): Promise<Font> =>
    create(await readFile(path.join(folder, 'files', name)));
  const glyphs = new Map<string, Glyph>();
  return {
    async glyph(character) {
      const known = glyphs.get(character);
      if (known !== undefined) return known;
      const codePoint = character.codePointAt(0) ?? 0x20;
      const name = ranges.find(({ holds }) => holds(codePoint))?.name;
      const found = name === undefined ? undefined : (fonts.get(name) ?? open(name));
      if (name !== undefined && found !== undefined) fonts.set(name, found);
      const glyph = glyphOf(await found, codePoint);
      glyphs.set(character, glyph);
      return glyph;
    },
  };
}

/** A character that the font has not is an empty box, so that it is seen to be missing. */
function glyphOf(font: Font | undefined, codePoint: number): Glyph {
  if (font?.hasGlyphForCodePoint(codePoint) !== true) return box;
  const { advanceWidth, path: shape } = font.glyphForCodePoint(codePoint);
  const em = font.unitsPerEm;
  return {
    advance: advanceWidth / em,
    outline: shape.commands.map(({ command, args }) => ({
      command,
      args: args.map((value) => value / em),
    })),
  };
}

const box: Glyph = {
  advance: 1,
  outline: [
    ...rectangle(0.1, 0, 0.9, 0.8),
    ...rectangle(0.14, 0.04, 0.86, 0.76).toReversed().map(asPath),
  ],
};

function rectangle(left: number, bottom: number, right: number, top: number): Stroke[] {
  const corners = [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ];
  return corners.map((args, at) => ({ command: at === 0 ? 'moveTo' : 'lineTo', args }));
}

function asPath({ args }: Stroke, at: number): Stroke {
  return { command: at === 0 ? 'moveTo' : 'lineTo', args };
}

async function load() {
  try {
    const { create } = (await import('fontkitten')) as unknown as {
      create: (file: Buffer) => Font;
    };
    const require = createRequire(import.meta.url);
    const folder = path.dirname(require.resolve(`${family}/package.json`));
    const parts = JSON.parse(await readFile(path.join(folder, 'unicode.json'), 'utf8')) as Record<
      string,
      string
    >;
    const ranges = Object.entries(parts).map(([part, text]) => ({
      name: `noto-sans-sc-${part.replace(/[[\]]/g, '')}-wght-normal.woff2`,
      holds: inside(text),
    }));
    // Plain letters first: they are in a file of their own.
    ranges.sort((a, b) => Number(b.name.includes('-latin-')) - Number(a.name.includes('-latin-')));
    return { create, folder, ranges };
  } catch (error) {
    throw new FaxFontError(error);
  }
}

/** `U+4e00-4e0f,U+3001` */
function inside(text: string): (codePoint: number) => boolean {
  const ranges = text.split(',').map((one) => {
    const [from = '0', to = from] = one.trim().replace(/^U\+/i, '').split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
  });
  return (codePoint) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to);
}
