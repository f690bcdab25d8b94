import { Type } from 'typebox';
import { agentsOfCall, isOwnCall, missedBy } from '../../agents/index.ts';
import { AppError } from '../../core/errors.ts';
import { callInSites } from '../../db/index.ts';
import { numberFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { CallDetail, CallPage } from '../../contract/calls.ts';
import { pageQuery } from '../../contract/pages.ts';
import { pageById } from '../lists.ts';
import { plain } from '../plain.ts';

const idParams = Type.Object({ id: Type.String({ format: 'uuid' }) });

export function callRoutes(server: Server, { db }: ApiParts): void {
  server.get(
    '/calls',
    {
      schema: {
        summary: 'Calls, newest first',
        tags: ['calls'],
        querystring: Type.Object({
          ...pageQuery,
          /** Those that the reader answered, dialled, was asked in or missed. */
          mine: Type.Optional(Type.Boolean()),
        }),
        response: { 200: CallPage },
      },
    },
    async (request) => {
      const member = require(request, 'data.read');
      const { siteIds } = member;
      const { mine } = request.query;
      return pageById(
        request.query,
        (limit, before) =>
          db
            .selectFrom('call')
            .leftJoin('person', 'person.id', 'call.personId')
            .selectAll('call')
            .select(['person.name as personName', agentsOfCall.as('agents')])
            .select(missedBy(member.id).as('missed'))
            .$if(before !== undefined, (query) => query.where('call.id', '<', before ?? ''))
            .$if(mine === true, (query) =>
              query.where(isOwnCall(member.id, { sites: siteIds, before, limit })),
            )
            .where(callInSites(siteIds))
            .orderBy('call.id', 'desc')
            .limit(limit)
            .execute(),
        (row) => ({ ...plain(row), callerNumber: numberFor(member, row.callerNumber) }),
      );
    },
  );
  server.get(
    '/calls/:id',
    {
      schema: {
        summary: 'A call with its timeline',
        tags: ['calls'],
        params: idParams,
        response: { 200: CallDetail },
      },
    },
    async (request) => {
      const member = require(request, 'data.read');
      const { id } = request.params;
      const call = await db
        .selectFrom('call')
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
    },
  );
}

export function notFound(what: string): AppError {
  return new AppError({
    code: `${what}.not_found`,
    status: 404,
    message: `There is no such ${what}.`,
  });
}
