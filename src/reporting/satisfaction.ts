import type { SatisfactionGroup } from '../contract/codes.ts';
import { sql } from 'kysely';
import { callInSites, narrowedBy, type Readable, type Scope } from '../db/index.ts';
import type { Period } from './period.ts';

interface Marks {
  key: string;
  name: string;
  score: number;
  count: number;
}

/** Ratings that callers gave, by what they are counted for. */
export async function satisfaction(
  scope: Scope,
  db: Readable,
  by: SatisfactionGroup,
  { from, to }: Period,
) {
  const rows = await narrowedBy(scope, db)
    .selectFrom('surveyAnswer as mark')
    .innerJoin('call', 'call.id', 'mark.callId')
    .leftJoin('estate', 'estate.id', 'call.estateId')
    .leftJoin('staff', 'staff.id', 'mark.staffId')
    .leftJoin('queue', 'queue.id', 'mark.queueId')
    .select((mark) => [
      by === 'queue'
        ? sql<string>`coalesce(${mark.ref('mark.queueId')}::text, '')`.as('key')
        : by === 'agent'
          ? sql<string>`coalesce(${mark.ref('mark.staffId')}::text, '')`.as('key')
          : by === 'hotline'
            ? mark.ref('call.did').as('key')
            : sql<string>`to_char(${mark.ref('mark.at')} AT TIME ZONE coalesce(${mark.ref('estate.timeZone')}, 'Asia/Shanghai'), 'YYYY-MM-DD')`.as(
                'key',
              ),
      by === 'queue'
        ? sql<string>`coalesce(max(${mark.ref('queue.settings')} #>> '{name,zh-CN}'), '')`.as(
            'name',
          )
        : by === 'agent'
          ? sql<string>`coalesce(max(${mark.ref('staff.displayName')}), '')`.as('name')
          : sql<string>`''`.as('name'),
      mark.ref('mark.score').as('score'),
      sql<number>`count(*)::int`.as('count'),
    ])
    .where('mark.survey', '=', 'service')
    .where('mark.at', '>=', from)
    .where('mark.at', '<', to)
    .where(callInSites(scope.sites))
    .groupBy(['key', 'mark.score'])
    .orderBy('key')
    .execute();
  return folded(rows);
}

function folded(rows: readonly Marks[]) {
  return [...new Set(rows.map((row) => row.key))].map((key) => {
    const own = rows.filter((row) => row.key === key);
    const marks = own.reduce((sum, { count }) => sum + count, 0);
    const total = own.reduce((sum, { count, score }) => sum + count * score, 0);
    return {
      key,
      name: own[0]?.name ?? '',
      marks,
      average: Math.round((total / marks) * 100) / 100,
      scores: Object.fromEntries(own.map(({ score, count }) => [String(score), count])),
    };
  });
}
