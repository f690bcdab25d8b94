import type { Bitmap } from './t4.ts';
import type { Stroke } from './typeface.ts';

type Point = readonly [number, number];

/** What is drawn on either side of an outline, in pixels: thin strokes do not survive a telephone line. */
const pen = 0.85;
/** How finely a curve is cut into straight lines; a character is some 40 pixels high. */
const cuts = 6;

export function blankPage(width: number, height: number): Bitmap {
  return { width, height, bits: new Uint8Array(Math.ceil(width / 8) * height) };
}

/**
 * Blackens an outline whose origin is at that pixel, `size` pixels an em: what is inside by the non-zero
 * winding rule, and a pen's breadth around it.
 */
export function fill(page: Bitmap, outline: readonly Stroke[], at: Point, size: number): void {
  const edges = contours(outline).flatMap((points) =>
    points.map((from, index) => {
      const to = points[(index + 1) % points.length] ?? from;
      return [place(from), place(to)] as const;
    }),
  );
  function place([x, y]: Point): Point {
    return [at[0] + x * size, at[1] - y * size];
  }
  for (const [from, to] of edges) trace(page, from, to);
  const heights = edges.flatMap(([a, b]) => [a[1], b[1]]);
  const top = Math.max(0, Math.floor(Math.min(...heights)));
  const bottom = Math.min(page.height, Math.ceil(Math.max(...heights)));
  for (let row = top; row < bottom; row += 1) {
    const y = row + 0.5;
    const crossings = edges
      .filter(([a, b]) => (a[1] <= y && b[1] > y) || (b[1] <= y && a[1] > y))
      .map(([a, b]) => ({
        x: a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]),
        turn: b[1] > a[1] ? 1 : -1,
      }))
      .sort((a, b) => a.x - b.x);
    let winding = 0;
    for (const [index, { x, turn }] of crossings.entries()) {
      winding += turn;
      if (winding !== 0) blacken(page, row, x, crossings[index + 1]?.x ?? x);
    }
  }
}

/** A line as broad as the pen. */
function trace(page: Bitmap, from: Point, to: Point): void {
  const steps = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) * 2));
  for (let step = 0; step < steps; step += 1) {
    const share = step / steps;
    const x = from[0] + (to[0] - from[0]) * share;
    const y = from[1] + (to[1] - from[1]) * share;
    for (let row = Math.floor(y - pen); row <= Math.floor(y + pen); row += 1) {
      const far = Math.abs(row + 0.5 - y);
      if (far > pen || row < 0 || row >= page.height) continue;
      const half = Math.sqrt(pen * pen - far * far);
      blacken(page, row, x - half, x + half);
    }
  }
}

export function rule(page: Bitmap, y: number, from: number, to: number, thickness = 2): void {
  for (let row = y; row < y + thickness; row += 1) blacken(page, row, from, to);
}

function blacken(page: Bitmap, row: number, from: number, to: number): void {
  const stride = Math.ceil(page.width / 8);
  const last = Math.min(page.width, Math.ceil(to - 0.5));
  for (let x = Math.max(0, Math.ceil(from - 0.5)); x < last; x += 1) {
    const index = row * stride + (x >> 3);
    page.bits[index] = (page.bits[index] ?? 0) | (0x80 >> (x & 7));
  }
}

function contours(outline: readonly Stroke[]): Point[][] {
  const all: Point[][] = [];
  for (const { command, args } of outline) {
    if (command === 'closePath') continue;
    const points = pairs(args);
    if (command === 'moveTo') all.push(points);
    else all.at(-1)?.push(...along(all.at(-1)?.at(-1) ?? [0, 0], points));
  }
  return all.filter((points) => points.length > 2);
}

/** A line, or a Bézier curve of the second or third degree (de Casteljau), without its first point. */
function along(from: Point, points: readonly Point[]): Point[] {
  if (points.length === 1) return [...points];
  return Array.from({ length: cuts }, (_, index) => {
    let left = [from, ...points];
    const share = (index + 1) / cuts;
    while (left.length > 1) {
      left = left.slice(1).map(([x, y], at) => {
        const [px, py] = left[at] ?? [x, y];
        return [px + (x - px) * share, py + (y - py) * share] as const;
      });
    }
    return left[0] ?? from;
  });
}

function pairs(args: readonly number[]): Point[] {
  return Array.from({ length: args.length / 2 }, (_, at) => [
    args[at * 2] ?? 0,
    args[at * 2 + 1] ?? 0,
  ]);
}
