import { AppError } from '../../../core/errors.ts';
import { callDetail, callsPage } from '../../../reporting/index.ts';
import type { Member } from '../../../organisation/index.ts';
import { askedBy, memberOf, numberFor, scopeOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import { pageById } from '../../lists.ts';
import { plain } from '../../plain.ts';

export function callRoutes(server: Server, { db }: RouteParts): void {
  route(server, 'GET /calls', async (request) => {
    const member = memberOf(request);
    const scope = scopeOf(request);
    const { mine, estateId } = request.query;
    const wanted = { isMine: mine === true, estateId, asked: askedBy(request) };
    return pageById(
      request.query,
      (limit, before) => callsPage(scope, db, wanted, limit, before),
      (row) => ({ ...plain(row), ...numbersFor(member, row) }),
    );
  });
  route(server, 'GET /calls/:id', async (request) => {
    const member = memberOf(request);
    const found = await callDetail(scopeOf(request), db, request.params.id);
    if (found === undefined) throw notFound('call');
    const { ratings, ...call } = found;
    return {
      marks: plain(ratings),
      ...plain(call),
      ...numbersFor(member, call),
    };
  });
}

/** A call of no estate came by no hotline: what was dialled may be somebody's number, too. */
export function numbersFor(
  member: Pick<Member, 'role'>,
  { estateId, callerNumber, did }: { estateId: string | null; callerNumber: string; did: string },
): { callerNumber: string; did: string } {
  return {
    callerNumber: numberFor(member, callerNumber),
    did: estateId === null ? numberFor(member, did) : did,
  };
}

export function notFound(what: string): AppError {
  return new AppError({
    code: `${what}.not_found`,
    status: 404,
    message: `There is no such ${what}.`,
  });
}
