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
