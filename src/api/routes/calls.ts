import { agentsOfCall, isOwnCall, missedBy } from '../../lookup/index.ts';
import { AppError } from '../../core/errors.ts';
import { callsWithOwn, inScope } from '../../db/index.ts';
import { memberOf, numberFor, scopeOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { pageById } from '../lists.ts';
import { plain } from '../plain.ts';

export function callRoutes(server: Server, { db }: ApiParts): void {
  route(server, 'GET /calls', async (request) => {
    const member = memberOf(request);
    const scope = scopeOf(request);
    const { mine } = request.query;
    return pageById(
      request.query,
      (limit, before) =>
        inScope(db, scope, 'call')
          .leftJoin('person', 'person.id', 'call.personId')
          .selectAll('call')
          .select(['person.name as personName', agentsOfCall.as('agents')])
          .select(missedBy(member.id).as('missed'))
          .$if(before !== undefined, (query) => query.where('call.id', '<', before ?? ''))
          .$if(mine === true, (query) =>
            query.where(isOwnCall(member.id, { sites: scope.sites, before, limit })),
          )
          .orderBy('call.id', 'desc')
          .limit(limit)
          .execute(),
      (row) => ({ ...plain(row), callerNumber: numberFor(member, row.callerNumber) }),
    );
  });
  route(server, 'GET /calls/:id', async (request) => {
    const member = memberOf(request);
    const { id } = request.params;
    const call = await callsWithOwn(db, scopeOf(request))
      .leftJoin('person', 'person.id', 'call.personId')
      .selectAll('call')
      .select(['person.name as personName', agentsOfCall.as('agents')])
      .select(missedBy(member.id).as('missed'))
      .where('call.id', '=', id)
      .executeTakeFirst();
    if (call === undefined) throw notFound('call');
    const events = await db
      .selectFrom('callEvent')
      .select(['seq', 'at', 'kind', 'data'])
      .where('callId', '=', id)
      .orderBy('seq')
      .execute();
    const marks = await db
      .selectFrom('surveyAnswer')
      .leftJoin('staff', 'staff.id', 'surveyAnswer.staffId')
      .select(['surveyAnswer.survey', 'score', 'at', 'staff.displayName as staffName'])
      .where('callId', '=', id)
      .orderBy('at')
      .execute();
    return {
      marks: plain(marks),
      ...plain(call),
      callerNumber: numberFor(member, call.callerNumber),
      events: plain(events),
    };
  });
}

export function notFound(what: string): AppError {
  return new AppError({
    code: `${what}.not_found`,
    status: 404,
    message: `There is no such ${what}.`,
  });
}
