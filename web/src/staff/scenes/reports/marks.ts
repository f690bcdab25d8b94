import type { Static } from 'typebox';
import type { SatisfactionReport } from '../../../../../src/contract/reports.ts';

export type MarkRow = Static<typeof SatisfactionReport>['items'][number];

export const scores = ['1', '2', '3', '4', '5'] as const;

/** All rows as one; undefined without any mark. */
export function total(rows: readonly MarkRow[]): MarkRow | undefined {
  const marks = rows.reduce((sum, row) => sum + row.marks, 0);
  if (marks === 0) return undefined;
  const counts = Object.fromEntries(
    scores.map((score) => [score, rows.reduce((sum, row) => sum + (row.scores[score] ?? 0), 0)]),
  );
  const points = scores.reduce((sum, score) => sum + Number(score) * (counts[score] ?? 0), 0);
  return {
    key: '*',
    name: '',
    marks,
    average: Math.round((points / marks) * 100) / 100,
    scores: counts,
  };
}

/** Share of fours and fives, in whole percent. */
export function contentPercent({ marks, scores: counts }: MarkRow): number {
  return Math.round((100 * ((counts['4'] ?? 0) + (counts['5'] ?? 0))) / Math.max(1, marks));
}
