import {
  addAddress,
  changeAddress,
  choicesOf,
  choose,
  forgetChoice,
  mustBeWithin,
  removeAddress,
} from '../../property/index.ts';
import { audit } from '../../organisation/index.ts';
import { addressFor, memberOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { plain } from '../plain.ts';
import { transact } from '../plugins/idempotency.ts';

/** Where somebody can be written to, and what they want to hear of in which way. */
export function ownerAddressRoutes(server: Server, parts: ApiParts): void {
  addRoute(server, parts);
  changeRoutes(server, parts);
  choiceRoutes(server, parts);
}

function addRoute(server: Server, { db, clock }: ApiParts): void {
  route(server, 'POST /owners/:id/addresses', async (request, reply) => {
    const member = memberOf(request);
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
  });
}

function changeRoutes(server: Server, { db, clock }: ApiParts): void {
  route(server, 'PATCH /owners/:id/addresses/:addressId', async (request, reply) => {
    const member = memberOf(request);
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
  });
  route(server, 'DELETE /owners/:id/addresses/:addressId', async (request, reply) => {
    const member = memberOf(request);
    const { id, addressId } = request.params;
    void reply.status(204);
    await transact(db, { request, reply }, async (trx) => {
      await mustBeWithin(trx, id, member.siteIds);
      await removeAddress(trx, clock, id, addressId);
      const entry = { staffId: member.id, act: 'owner.address_removed', subject: id };
      await audit(trx, clock, { ...entry, details: { addressId } });
    });
    return reply.send(null);
  });
}

function choiceRoutes(server: Server, { db, clock }: ApiParts): void {
  route(server, 'PUT /owners/:id/choices/:topic', async (request, reply) => {
    const member = memberOf(request);
    const { id, topic } = request.params;
    return transact(db, { request, reply }, async (trx) => {
      await mustBeWithin(trx, id, member.siteIds);
      const evidence = `staff:${member.username}`;
      await choose(trx, clock, id, { ...request.body, topic, evidence });
      const entry = { staffId: member.id, act: 'owner.choice_made', subject: id };
      await audit(trx, clock, { ...entry, details: { topic, ...request.body } });
      return { items: plain(await choicesOf(trx, id)) };
    });
  });
  route(server, 'DELETE /owners/:id/choices/:topic', async (request, reply) => {
    const member = memberOf(request);
    const { id, topic } = request.params;
    return transact(db, { request, reply }, async (trx) => {
      await mustBeWithin(trx, id, member.siteIds);
      await forgetChoice(trx, clock, id, topic);
      const entry = { staffId: member.id, act: 'owner.choice_forgotten', subject: id };
      await audit(trx, clock, { ...entry, details: { topic } });
      return { items: plain(await choicesOf(trx, id)) };
    });
  });
}
