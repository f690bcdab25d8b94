import { changesBetween } from '../../core/changes.ts';
import {
  addAddress,
  changeAddress,
  choicesOf,
  choose,
  forgetChoice,
  mustBeWithin,
  removeAddress,
} from '../../property/index.ts';
import { addressFor } from '../access.ts';
import type { RouteParts, Server } from '../api.types.ts';
import { plain } from '../plain.ts';
import { write } from '../write.ts';

/** Where somebody can be written to, and what they want to hear of in which way. */
export function ownerAddressRoutes(server: Server, parts: RouteParts): void {
  addressRoutes(server, parts);
  choiceRoutes(server, parts);
}

function addressRoutes(server: Server, parts: RouteParts): void {
  const { clock } = parts;
  write(
    server,
    parts,
    'POST /owners/:id/addresses',
    async ({ request, scope, member, trx, audit }) => {
      const { id } = request.params;
      await mustBeWithin(scope, trx, id);
      const made = await addAddress(trx, clock, id, request.body);
      // Ids only: the address itself may have to be forgotten some day.
      await audit('owner.address_added', id, { addressId: made.id });
      return { ...plain(made), address: addressFor(member, made.address) };
    },
  );
  write(
    server,
    parts,
    'PATCH /owners/:id/addresses/:addressId',
    async ({ request, scope, member, trx, audit }) => {
      const { id, addressId } = request.params;
      await mustBeWithin(scope, trx, id);
      const by = `staff:${member.username}`;
      const made = await changeAddress(trx, clock, id, addressId, request.body, by);
      await audit('owner.address_changed', id, { addressId, fields: Object.keys(request.body) });
      return { ...plain(made), address: addressFor(member, made.address) };
    },
  );
  write(
    server,
    parts,
    'DELETE /owners/:id/addresses/:addressId',
    async ({ request, scope, trx, audit }) => {
      const { id, addressId } = request.params;
      await mustBeWithin(scope, trx, id);
      await removeAddress(trx, clock, id, addressId);
      await audit('owner.address_removed', id, { addressId });
      return null;
    },
  );
}

function choiceRoutes(server: Server, parts: RouteParts): void {
  const { clock } = parts;
  write(
    server,
    parts,
    'PUT /owners/:id/choices/:topic',
    async ({ request, scope, member, trx, audit }) => {
      const { id, topic } = request.params;
      await mustBeWithin(scope, trx, id);
      const before = (await choicesOf(trx, id)).find((one) => one.topic === topic);
      await choose(trx, clock, id, {
        ...request.body,
        topic,
        evidence: `staff:${member.username}`,
      });
      const changes = changesBetween(before ?? {}, request.body);
      await audit('owner.choice_made', id, { topic, ...request.body, changes });
      return { items: plain(await choicesOf(trx, id)) };
    },
  );
  write(
    server,
    parts,
    'DELETE /owners/:id/choices/:topic',
    async ({ request, scope, trx, audit }) => {
      const { id, topic } = request.params;
      await mustBeWithin(scope, trx, id);
      await forgetChoice(trx, clock, id, topic);
      await audit('owner.choice_forgotten', id, { topic });
      return { items: plain(await choicesOf(trx, id)) };
    },
  );
}
