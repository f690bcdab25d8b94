import { mustChange } from '../../core/changes.ts';
import { AppError } from '../../core/errors.ts';
import { type Db, emit, type Hotline, inScope, type OpeningHours } from '../../db/index.ts';
import { audit } from '../../organisation/index.ts';
import { memberOf, scopeOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { notFound } from './calls.ts';

/** Dialled numbers: their hours, greeting, language and queue. */
export function hotlineRoutes(server: Server, { db, clock }: ApiParts): void {
  route(server, 'GET /hotlines', async (request) => {
    const items = await inScope(db, scopeOf(request), 'hotline')
      .selectAll()
      .orderBy('did')
      .execute();
    return { items: items.map(view), nextCursor: null };
  });
  route(server, 'PATCH /hotlines/:did', async (request) => {
    const member = memberOf(request);
    const { did } = request.params;
    const { hours, greeting, language, queueId } = request.body;
    if (hours !== undefined) checkHours(hours);
    return db.transaction().execute(async (trx) => {
      if (typeof queueId === 'string') await checkQueue(trx, queueId);
      const before = await trx
        .selectFrom('hotline')
        .selectAll()
        .where('did', '=', did)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw notFound('hotline');
      mustChange(before, { hours, greeting, language, queueId });
      const changed = await trx
        .updateTable('hotline')
        .set({
          did,
          ...(hours === undefined ? {} : { hours: JSON.stringify(hours) }),
          ...(greeting === undefined ? {} : { greeting: JSON.stringify(greeting) }),
          ...(language === undefined ? {} : { language }),
          ...(queueId === undefined ? {} : { queueId }),
        })
        .where('did', '=', did)
        .returningAll()
        .executeTakeFirst();
      if (changed === undefined) throw notFound('hotline');
      const details = { ...request.body };
      await audit(trx, clock, {
        staffId: member.id,
        act: 'hotline.changed',
        subject: did,
        details,
      });
      await emit(trx, 'hotline.changed', { did }, clock.now());
      return view(changed);
    });
  });
}

function view({ createdAt, ...one }: Hotline) {
  return { ...one, createdAt: createdAt.toISOString() };
}

async function checkQueue(db: Db, queueId: string): Promise<void> {
  const known = await db
    .selectFrom('queue')
    .select('id')
    .where('id', '=', queueId)
    .executeTakeFirst();
  if (known !== undefined) return;
  throw new AppError({
    code: 'hotline.bad_queue',
    status: 422,
    message: 'queueId: there is no such queue; GET /queues lists them, null means the one for all.',
    details: { field: 'queueId' },
  });
}

/** Ranges of a day end after they begin and do not overlap. */
function checkHours(hours: OpeningHours): void {
  for (const [day, ranges] of Object.entries(hours) as [string, OpeningHours['workday']][]) {
    const sorted = ranges.toSorted((a, b) => a.fromMinute - b.fromMinute);
    const isWrong = sorted.some(
      ({ fromMinute, toMinute }, at) =>
        toMinute <= fromMinute || fromMinute < (sorted[at - 1]?.toMinute ?? 0),
    );
    if (!isWrong) continue;
    throw new AppError({
      code: 'hotline.bad_hours',
      status: 422,
      message: `hours.${day}: each range must end after it begins, and none may overlap another.`,
      details: { field: `hours.${day}` },
    });
  }
}
