import { Type } from 'typebox';
import {
  addAddress,
  changeAddress,
  choicesOf,
  choose,
  forgetChoice,
  mustBeWithin,
  removeAddress,
} from '../../property/index.ts';
import { audit } from '../../staff/index.ts';
import { addressFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { Uuid } from '../../contract/fields.ts';
import {
  AddressChange,
  NewAddress,
  NewChoice,
  OwnerAddress,
  OwnerChoice,
  TopicCode,
} from '../../contract/property.ts';
import { plain } from '../plain.ts';
import { transact } from '../plugins/idempotency.ts';

const tags = ['owners'];

/** Where somebody can be written to, and what they want to hear of in which way. */
export function ownerAddressRoutes(server: Server, parts: ApiParts): void {
  addRoute(server, parts);
  changeRoutes(server, parts);
  choiceRoutes(server, parts);
}

function addRoute(server: Server, { db, clock }: ApiParts): void {
  server.post(
    '/owners/:id/addresses',
    {
      schema: {
        summary: 'A mail address or a fax number of a person; the first of its kind is preferred',
        tags,
        params: Type.Object({ id: Uuid }),
        body: NewAddress,
        response: { 201: OwnerAddress },
      },
    },
    async (request, reply) => {
      const member = require(request, 'owners.write');
      const { id } = request.params;
      void reply.status(201);
      return transact(db, { request, reply }, async (trx) => {
        await mustBeWithin(trx, id, member.siteIds);
        const made = await addAddress(trx, clock, id, request.body);
        const entry = { staffId: member.id, act: 'owner.address_added', subject: id };
        // Ids only: the address itself may have to be forgotten some day.
        await audit(trx, clock, { ...entry, details: { addressId: made.id } });
        return { ...plain(made), address: addressFor(member, made.address) };
      });
    },
  );
}

function changeRoutes(server: Server, { db, clock }: ApiParts): void {
  const params = Type.Object({ id: Uuid, addressId: Uuid });
  server.patch(
    '/owners/:id/addresses/:addressId',
    {
      schema: {
        summary: "Mends it, prefers it, or says how we know that it is this person's own",
        tags,
        params,
        body: AddressChange,
        response: { 200: OwnerAddress },
      },
    },
    async (request, reply) => {
      const member = require(request, 'owners.write');
      const { id, addressId } = request.params;
      return transact(db, { request, reply }, async (trx) => {
        await mustBeWithin(trx, id, member.siteIds);
        const by = `staff:${member.username}`;
        const made = await changeAddress(trx, clock, id, addressId, request.body, by);
        const entry = { staffId: member.id, act: 'owner.address_changed', subject: id };
        const fields = Object.keys(request.body);
        await audit(trx, clock, { ...entry, details: { addressId, fields } });
        return { ...plain(made), address: addressFor(member, made.address) };
      });
    },
  );
  server.delete(
    '/owners/:id/addresses/:addressId',
    { schema: { summary: 'Forgets it', tags, params, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const member = require(request, 'owners.write');
      const { id, addressId } = request.params;
      void reply.status(204);
      await transact(db, { request, reply }, async (trx) => {
        await mustBeWithin(trx, id, member.siteIds);
        await removeAddress(trx, clock, id, addressId);
        const entry = { staffId: member.id, act: 'owner.address_removed', subject: id };
        await audit(trx, clock, { ...entry, details: { addressId } });
      });
      return reply.send(null);
    },
  );
}

function choiceRoutes(server: Server, { db, clock }: ApiParts): void {
  const params = Type.Object({ id: Uuid, topic: TopicCode });
  const response = { 200: Type.Object({ items: Type.Array(OwnerChoice) }) };
  server.put(
    '/owners/:id/choices/:topic',
    {
      schema: {
        summary: 'What somebody wants to hear of, in which ways (the preferred first) and hours',
        tags,
        params,
        body: NewChoice,
        response,
      },
    },
    async (request, reply) => {
      const member = require(request, 'owners.write');
      const { id, topic } = request.params;
      return transact(db, { request, reply }, async (trx) => {
        await mustBeWithin(trx, id, member.siteIds);
        const evidence = `staff:${member.username}`;
        await choose(trx, clock, id, { ...request.body, topic, evidence });
        const entry = { staffId: member.id, act: 'owner.choice_made', subject: id };
        await audit(trx, clock, { ...entry, details: { topic, ...request.body } });
        return { items: plain(await choicesOf(trx, id)) };
      });
    },
  );
  server.delete(
    '/owners/:id/choices/:topic',
    { schema: { summary: 'Back to what everybody gets', tags, params, response } },
    async (request, reply) => {
      const member = require(request, 'owners.write');
      const { id, topic } = request.params;
      return transact(db, { request, reply }, async (trx) => {
        await mustBeWithin(trx, id, member.siteIds);
        await forgetChoice(trx, clock, id, topic);
        const entry = { staffId: member.id, act: 'owner.choice_forgotten', subject: id };
        await audit(trx, clock, { ...entry, details: { topic } });
        return { items: plain(await choicesOf(trx, id)) };
      });
    },
  );
}
