import type { Db } from '../../db/index.ts';
import {
  addHome,
  addPhone,
  createOwner,
  endHome,
  mustBeWithin,
  readOwner,
  removePhone,
  verifyPhone,
} from '../../property/index.ts';
import { audit, type Member } from '../../organisation/index.ts';
import { addressFor, memberOf, numberFor } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { plain } from '../plain.ts';
import { ownerAddressRoutes } from './owner-addresses.ts';
import { transact } from '../plugins/idempotency.ts';

export function ownerRoutes(server: Server, parts: ApiParts): void {
  const { db, clock } = parts;
  route(server, 'GET /owners/:id', (request) =>
    present(parts, db, memberOf(request), request.params.id),
  );
  route(server, 'POST /owners', async (request, reply) => {
    const member = memberOf(request);
    void reply.status(201);
    return transact(db, { request, reply }, async (trx) => {
      const id = await createOwner(trx, clock, request.body);
      await audit(trx, clock, { staffId: member.id, act: 'owner.created', subject: id });
      return present(parts, trx, member, id);
    });
  });
  phoneRoutes(server, parts);
  homeRoutes(server, parts);
  ownerAddressRoutes(server, parts);
}

function phoneRoutes(server: Server, { db, clock }: ApiParts): void {
  route(server, 'POST /owners/:id/phones', async (request, reply) => {
    const member = memberOf(request);
    const { id } = request.params;
    void reply.status(201);
    return transact(db, { request, reply }, async (trx) => {
      await mustBeWithin(trx, id, member.siteIds);
      const phone = await addPhone(trx, clock, id, request.body);
      // Ids only: the number itself may have to be forgotten some day.
      await audit(trx, clock, {
        staffId: member.id,
        act: 'owner.phone_added',
        subject: id,
        details: { phoneId: phone.id },
      });
      return { ...phone, verifiedHow: null, number: numberFor(member, phone.number) };
    });
  });
  route(server, 'PATCH /owners/:id/phones/:phoneId', async (request, reply) => {
    const member = memberOf(request);
    const { id, phoneId } = request.params;
    const { verifiedHow } = request.body;
    return transact(db, { request, reply }, async (trx) => {
      await mustBeWithin(trx, id, member.siteIds);
      const by = `staff:${member.username}`;
      const phone = await verifyPhone(trx, clock, id, phoneId, verifiedHow, by);
      const entry = { staffId: member.id, act: 'owner.phone_verified', subject: id };
      await audit(trx, clock, { ...entry, details: { phoneId, verifiedHow } });
      return { ...phone, number: numberFor(member, phone.number) };
    });
  });
  route(server, 'DELETE /owners/:id/phones/:phoneId', async (request, reply) => {
    const member = memberOf(request);
    const { id, phoneId } = request.params;
    void reply.status(204);
    await transact(db, { request, reply }, async (trx) => {
      await mustBeWithin(trx, id, member.siteIds);
      await removePhone(trx, clock, id, phoneId);
      const entry = { staffId: member.id, act: 'owner.phone_removed', subject: id };
      await audit(trx, clock, { ...entry, details: { phoneId } });
    });
    return reply.send(null);
  });
}

function homeRoutes(server: Server, parts: ApiParts): void {
  const { db, clock } = parts;
  route(server, 'POST /owners/:id/homes', async (request, reply) => {
    const member = memberOf(request);
    const { id } = request.params;
    void reply.status(201);
    return transact(db, { request, reply }, async (trx) => {
      await mustBeWithin(trx, id, member.siteIds);
      const occupancyId = await addHome(trx, clock, id, request.body);
      await audit(trx, clock, {
        staffId: member.id,
        act: 'owner.home_added',
        subject: id,
        details: { occupancyId },
      });
      return present(parts, trx, member, id);
    });
  });
  route(server, 'PATCH /owners/:id/homes/:occupancyId', async (request, reply) => {
    const member = memberOf(request);
    const { id, occupancyId } = request.params;
    return transact(db, { request, reply }, async (trx) => {
      await mustBeWithin(trx, id, member.siteIds);
      await endHome(trx, clock, id, { occupancyId, ...request.body });
      await audit(trx, clock, {
        staffId: member.id,
        act: 'owner.home_ended',
        subject: id,
        details: { occupancyId },
      });
      return present(parts, trx, member, id);
    });
  });
}

async function present({ clock }: ApiParts, db: Db, member: Member, id: string) {
  const owner = await readOwner(db, id, clock.now(), member.siteIds);
  return {
    ...plain(owner),
    phones: owner.phones.map((one) => ({ ...one, number: numberFor(member, one.number) })),
    addresses: plain(owner.addresses).map((one) => ({
      ...one,
      address: addressFor(member, one.address),
    })),
    lastCalls: plain(owner.lastCalls).map((one) => ({
      ...one,
      callerNumber: numberFor(member, one.callerNumber),
    })),
  };
}
