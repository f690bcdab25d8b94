import { Type } from 'typebox';
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
import { audit, type Member } from '../../staff/index.ts';
import { addressFor, numberFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { Uuid } from '../../contract/fields.ts';
import {
  HomeEnd,
  NewHome,
  NewOwner,
  NewPhone,
  OwnerDetail,
  OwnerPhone,
  PhoneChange,
} from '../../contract/property.ts';
import { plain } from '../plain.ts';
import { ownerAddressRoutes } from './owner-addresses.ts';
import { transact } from '../plugins/idempotency.ts';

const tags = ['owners'];
const params = Type.Object({ id: Uuid });

export function ownerRoutes(server: Server, parts: ApiParts): void {
  const { db, clock } = parts;
  server.get(
    '/owners/:id',
    {
      schema: {
        summary: 'A person with homes, phones, bills, open orders and last calls',
        tags,
        params,
        response: { 200: OwnerDetail },
      },
    },
    (request) => present(parts, db, require(request, 'data.read'), request.params.id),
  );
  server.post(
    '/owners',
    {
      schema: {
        summary: 'Enter a person, with phones and homes',
        tags,
        body: NewOwner,
        response: { 201: OwnerDetail },
      },
    },
    async (request, reply) => {
      const member = require(request, 'owners.write');
      void reply.status(201);
      return transact(db, { request, reply }, async (trx) => {
        const id = await createOwner(trx, clock, request.body);
        await audit(trx, clock, { staffId: member.id, act: 'owner.created', subject: id });
        return present(parts, trx, member, id);
      });
    },
  );
  phoneRoutes(server, parts);
  homeRoutes(server, parts);
  ownerAddressRoutes(server, parts);
}

function phoneRoutes(server: Server, { db, clock }: ApiParts): void {
  server.post(
    '/owners/:id/phones',
    {
      schema: {
        summary: 'Tie a number to a person',
        tags,
        params,
        body: NewPhone,
        response: { 201: OwnerPhone },
      },
    },
    async (request, reply) => {
      const member = require(request, 'owners.write');
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
    },
  );
  server.patch(
    '/owners/:id/phones/:phoneId',
    {
      schema: {
        summary: "Says how we know that a number is this person's own, or takes it back",
        tags,
        params: Type.Object({ id: Uuid, phoneId: Uuid }),
        body: PhoneChange,
        response: { 200: OwnerPhone },
      },
    },
    async (request, reply) => {
      const member = require(request, 'owners.write');
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
    },
  );
  server.delete(
    '/owners/:id/phones/:phoneId',
    {
      schema: {
        summary: 'Untie a number',
        tags,
        params: Type.Object({ id: Uuid, phoneId: Uuid }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const member = require(request, 'owners.write');
      const { id, phoneId } = request.params;
      void reply.status(204);
      await transact(db, { request, reply }, async (trx) => {
        await mustBeWithin(trx, id, member.siteIds);
        await removePhone(trx, clock, id, phoneId);
        const entry = { staffId: member.id, act: 'owner.phone_removed', subject: id };
        await audit(trx, clock, { ...entry, details: { phoneId } });
      });
      return reply.send(null);
    },
  );
}

function homeRoutes(server: Server, parts: ApiParts): void {
  const { db, clock } = parts;
  server.post(
    '/owners/:id/homes',
    {
      schema: {
        summary: 'The person owns or lives in a room from a day on',
        tags,
        params,
        body: NewHome,
        response: { 201: OwnerDetail },
      },
    },
    async (request, reply) => {
      const member = require(request, 'owners.write');
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
    },
  );
  server.patch(
    '/owners/:id/homes/:occupancyId',
    {
      schema: {
        summary: 'The last day on which the person owns or lives in a room',
        tags,
        params: Type.Object({ id: Uuid, occupancyId: Uuid }),
        body: HomeEnd,
        response: { 200: OwnerDetail },
      },
    },
    async (request, reply) => {
      const member = require(request, 'owners.write');
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
    },
  );
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
