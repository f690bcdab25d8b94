/**
 * Cells as a spreadsheet reads them. What begins like a formula is shown, not run: a name such as
 * `=HYPERLINK(…)` comes from outside (OWASP, CSV injection). Numbers that are only digits stay text.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Excel takes UTF-8 for something else without it. */
export const byteOrderMark = '\uFEFF';
