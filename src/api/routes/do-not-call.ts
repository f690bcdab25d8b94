import { Type, type Static } from 'typebox';
import {
  addDoNotCall,
  findDoNotCall,
  importDoNotCall,
  liftDoNotCall,
  listDoNotCall,
  NothingNewError,
  numbersOfList,
  type DoNotCallEntryRow,
} from '../../outbound/index.ts';
import { readOneNumber } from '../../property/index.ts';
import { audit, can, type Member } from '../../staff/index.ts';
import { numberFor, require } from '../access.ts';
import type { ApiParts, FastifyRequest, Server } from '../api.types.ts';
import {
  DoNotCallScope,
  DoNotCallView,
  ImportDoNotCall,
  ImportedDoNotCall,
  LiftDoNotCall,
  LiftedDoNotCall,
  NewDoNotCall,
} from '../../contract/do-not-call.ts';
import { pageOf, pageQuery } from '../../contract/pages.ts';
import { decodeText } from '../../contract/text-files.ts';
import { pageById } from '../lists.ts';
import { transact } from '../plugins/idempotency.ts';
import { idParams } from './done.ts';

const tags = ['campaigns'];
const subject = 'do_not_call';
const faultsShown = 50;

/** Whom campaigns leave alone: entered, imported and lifted by staff, always with a reason. */
export function doNotCallRoutes(server: Server, parts: ApiParts): void {
  readRoute(server, parts);
  addRoute(server, parts);
  liftRoute(server, parts);
  importRoute(server, parts);
}

function readRoute(server: Server, { db, clock }: ApiParts): void {
  server.get(
    '/do-not-call',
    {
      schema: {
        summary: 'Numbers and people not to be called, newest first; lifted ones are kept',
        response: { 200: pageOf(DoNotCallView) },
        tags,
        querystring: Type.Object({
          ...pageQuery,
          state: Type.Optional(Type.Enum(['active', 'over'])),
          scope: Type.Optional(DoNotCallScope),
          q: Type.Optional(Type.String({ maxLength: 80 })),
        }),
      },
    },
    (request) => {
      const member = require(request, 'data.read');
      const { state, scope, q } = request.query;
      return pageById(
        request.query,
        (limit, before) =>
          listDoNotCall(db, readerOf(member), clock.now(), { state, scope, q, limit, before }),
        (row) => viewOf(row, member),
      );
    },
  );
}

function addRoute(server: Server, { db, clock }: ApiParts): void {
  server.post(
    '/do-not-call',
    {
      schema: {
        summary: 'Somebody is not to be called any more',
        response: { 201: DoNotCallView },
        tags,
        body: NewDoNotCall,
      },
    },
    async (request, reply) => {
      const member = require(request, 'campaigns.write');
      const { number: written, personId = null, scope = 'all', reason } = request.body;
      const number = written === undefined ? null : readOneNumber(written).number;
      const entry = { number, personId, scope, until: endOf(request.body), reason: reason.trim() };
      void reply.status(201);
      return transact(db, { request, reply }, async (trx) => {
        const id = await addDoNotCall(trx, clock, entry, writerOf(member));
        await audit(trx, clock, {
          ...{ staffId: member.id, act: 'do_not_call.added', subject: id },
          details: { number, personId, scope, reason: entry.reason },
        });
        return viewOf(await findDoNotCall(trx, readerOf(member), clock.now(), id), member);
      });
    },
  );
}

function liftRoute(server: Server, { db, clock }: ApiParts): void {
  server.post(
    '/do-not-call/:id/lift',
    {
      schema: {
        summary: 'They may be called again; the entry is kept as history',
        response: { 200: LiftedDoNotCall },
        tags,
        params: idParams,
        body: LiftDoNotCall,
      },
    },
    async (request, reply) => {
      const member = require(request, 'campaigns.write');
      const { id } = request.params;
      const reason = request.body.reason.trim();
      return transact(db, { request, reply }, async (trx) => {
        const others = await liftDoNotCall(trx, clock, id, { ...writerOf(member), reason });
        const row = await findDoNotCall(trx, readerOf(member), clock.now(), id);
        await audit(trx, clock, {
          ...{ staffId: member.id, act: 'do_not_call.lifted', subject: id },
          details: { number: row.number, personId: row.person?.id ?? null, reason },
        });
        return { entry: viewOf(row, member), others };
      });
    },
  );
}

function importRoute(server: Server, { db, clock }: ApiParts): void {
  server.post(
    '/do-not-call/import',
    {
      bodyLimit: 20 * 1024 * 1024,
      config: { permission: 'campaigns.write' },
      schema: {
        summary: 'A list of numbers not to be called (text or CSV); says which lines are wrong',
        response: { 201: ImportedDoNotCall },
        tags,
        body: ImportDoNotCall,
      },
    },
    async (request, reply) => {
      const member = require(request, 'campaigns.write');
      const { scope = 'all', reason } = request.body;
      const { numbers, faults } = await numbersOfList(textOf(request));
      void reply.status(201);
      return transact(db, { request, reply }, async (trx) => {
        const made = await importDoNotCall(trx, clock, numbers, {
          ...{ scope, until: endOf(request.body), reason: reason.trim() },
          ...writerOf(member),
        });
        const found = { ...made, faultCount: faults.length, faults: faults.slice(0, faultsShown) };
        if (made.added === 0) throw new NothingNewError(found);
        await audit(trx, clock, {
          ...{ staffId: member.id, act: 'do_not_call.imported', subject },
          details: { ...made, faults: faults.length, scope, reason: reason.trim() },
        });
        return found;
      });
    },
  );
}

function textOf({ body }: FastifyRequest): string {
  const { text = '', file } = body as Static<typeof ImportDoNotCall>;
  return file === undefined ? text : decodeText(Buffer.from(file, 'base64'));
}

function endOf({ until }: { until?: string | null | undefined }): Date | null {
  return until == null ? null : new Date(until);
}

function writerOf({ id, siteIds, username }: Member) {
  return { id, siteIds, by: `staff:${username}` };
}

function readerOf({ id, siteIds, role }: Member) {
  return { id, siteIds, seesNumbers: can(role, 'numbers.read') };
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
