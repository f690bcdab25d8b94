import { type Static } from 'typebox';
import { Scope } from '../../../db/index.ts';
import {
  addDoNotCall,
  findDoNotCall,
  importDoNotCall,
  liftDoNotCall,
  listDoNotCall,
  NothingNewError,
  numbersOfList,
  type DoNotCallEntryRow,
} from '../../../outbound/index.ts';
import { readOneNumber } from '../../../property/index.ts';
import { can, type Member } from '../../../organisation/index.ts';
import { memberOf, numberFor } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import type { DoNotCallView, ImportDoNotCall } from '../../../contract/campaigns/do-not-call.ts';
import { decodeText } from '../../../contract/text-files.ts';
import { pageById } from '../../lists.ts';
import { write } from '../../write.ts';

const subject = 'do_not_call';
const faultsShown = 50;

/** Whom campaigns leave alone: entered, imported and lifted by staff, always with a reason. */
export function doNotCallRoutes(server: Server, parts: RouteParts): void {
  readRoute(server, parts);
  addRoute(server, parts);
  liftRoute(server, parts);
  importRoute(server, parts);
}

function readRoute(server: Server, { db, clock }: RouteParts): void {
  route(server, 'GET /do-not-call', (request) => {
    const member = memberOf(request);
    const { state, scope, q } = request.query;
    return pageById(
      request.query,
      (limit, before) =>
        listDoNotCall(db, readerOf(member), clock.now(), { state, scope, q, limit, before }),
      (row) => viewOf(row, member),
    );
  });
}

function addRoute(server: Server, parts: RouteParts): void {
  const { clock } = parts;
  write(server, parts, 'POST /do-not-call', async ({ request, member, trx, audit }) => {
    const { number: written, personId = null, scope = 'all', reason } = request.body;
    const number = written === undefined ? null : readOneNumber(written).number;
    const entry = { number, personId, scope, until: endOf(request.body), reason: reason.trim() };
    const id = await addDoNotCall(trx, clock, entry, writerOf(member));
    await audit('do_not_call.added', id, { number, personId, scope, reason: entry.reason });
    return viewOf(await findDoNotCall(trx, readerOf(member), clock.now(), id), member);
  });
}

function liftRoute(server: Server, parts: RouteParts): void {
  const { clock } = parts;
  write(server, parts, 'POST /do-not-call/:id/lift', async ({ request, member, trx, audit }) => {
    const { id } = request.params;
    const reason = request.body.reason.trim();
    const others = await liftDoNotCall(trx, clock, id, { ...writerOf(member), reason });
    const row = await findDoNotCall(trx, readerOf(member), clock.now(), id);
    const personId = row.person?.id ?? null;
    await audit('do_not_call.lifted', id, { number: row.number, personId, reason });
    return { entry: viewOf(row, member), others };
  });
}

function importRoute(server: Server, parts: RouteParts): void {
  const { clock } = parts;
  write(server, parts, 'POST /do-not-call/import', {
    before: ({ request }) => numbersOfList(textOf(request.body)),
    async work({ request, member, trx, audit }, { numbers, faults }) {
      const { scope = 'all', reason } = request.body;
      const made = await importDoNotCall(trx, clock, numbers, {
        ...{ scope, until: endOf(request.body), reason: reason.trim() },
        ...writerOf(member),
      });
      const found = { ...made, faultCount: faults.length, faults: faults.slice(0, faultsShown) };
      if (made.added === 0) throw new NothingNewError(found);
      const details = { ...made, faults: faults.length, scope, reason: reason.trim() };
      await audit('do_not_call.imported', subject, details);
      return found;
    },
  });
}

function textOf({ text = '', file }: Static<typeof ImportDoNotCall>): string {
  return file === undefined ? text : decodeText(Buffer.from(file, 'base64'));
}

function endOf({ until }: { until?: string | null | undefined }): Date | null {
  return until == null ? null : new Date(until);
}

function writerOf(member: Member) {
  const { username } = member;
  return { reach: Scope.of(member), by: `staff:${username}` };
}

function readerOf(member: Member) {
  return { reach: Scope.of(member), seesNumbers: can(member.role, 'numbers.read') };
}

function viewOf(row: DoNotCallEntryRow, member: Member): DoNotCallView {
  return {
    ...row,
    number: row.number === null ? null : numberFor(member, row.number),
    until: row.until?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    liftedAt: row.liftedAt?.toISOString() ?? null,
  };
}
