import { Scope, type Readable } from '../../db/index.ts';
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
import type { Member } from '../../organisation/index.ts';
import { addressFor, memberOf, numberFor } from '../access.ts';
import type { RouteParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { plain } from '../plain.ts';
import { write } from '../write.ts';
import { numbersFor } from './agents/calls.ts';
import { ownerAddressRoutes } from './owner-addresses.ts';

export function ownerRoutes(server: Server, parts: RouteParts): void {
  const { db, clock } = parts;
  route(server, 'GET /owners/:id', (request) =>
    present(parts, db, memberOf(request), request.params.id),
  );
  write(server, parts, 'POST /owners', async ({ request, member, trx, audit }) => {
    const id = await createOwner(trx, clock, request.body);
    await audit('owner.created', id);
    return present(parts, trx, member, id);
  });
  phoneRoutes(server, parts);
  homeRoutes(server, parts);
  ownerAddressRoutes(server, parts);
}

function phoneRoutes(server: Server, parts: RouteParts): void {
  const { clock } = parts;
  write(
    server,
    parts,
    'POST /owners/:id/phones',
    async ({ request, member, scope, trx, audit }) => {
      const { id } = request.params;
      await mustBeWithin(scope, trx, id);
      const phone = await addPhone(trx, clock, id, request.body);
      // Ids only: the number itself may have to be forgotten some day.
      await audit('owner.phone_added', id, { phoneId: phone.id });
      return { ...phone, verifiedHow: null, number: numberFor(member, phone.number) };
    },
  );
  write(
    server,
    parts,
    'PATCH /owners/:id/phones/:phoneId',
    async ({ request, member, scope, trx, audit }) => {
      const { id, phoneId } = request.params;
      const { verifiedHow } = request.body;
      await mustBeWithin(scope, trx, id);
      const by = `staff:${member.username}`;
      const verified = await verifyPhone(trx, clock, id, phoneId, verifiedHow, by);
      const { verifiedBefore: from, ...phone } = verified;
      const changes = { verifiedHow: { from, to: verifiedHow } };
      await audit('owner.phone_verified', id, { phoneId, verifiedHow, changes });
      return { ...phone, number: numberFor(member, phone.number) };
    },
  );
  write(
    server,
    parts,
    'DELETE /owners/:id/phones/:phoneId',
    async ({ request, scope, trx, audit }) => {
      const { id, phoneId } = request.params;
      await mustBeWithin(scope, trx, id);
      await removePhone(trx, clock, id, phoneId);
      await audit('owner.phone_removed', id, { phoneId });
      return null;
    },
  );
}

function homeRoutes(server: Server, parts: RouteParts): void {
  const { clock } = parts;
  write(server, parts, 'POST /owners/:id/homes', async ({ request, member, scope, trx, audit }) => {
    const { id } = request.params;
    await mustBeWithin(scope, trx, id);
    const occupancyId = await addHome(trx, clock, id, request.body);
    await audit('owner.home_added', id, { occupancyId });
    return present(parts, trx, member, id);
  });
  write(
    server,
    parts,
    'PATCH /owners/:id/homes/:occupancyId',
    async ({ request, member, scope, trx, audit }) => {
      const { id, occupancyId } = request.params;
      await mustBeWithin(scope, trx, id);
      const { validTo } = request.body;
      const before = await endHome(trx, clock, id, { occupancyId, validTo });
      const changes = { validTo: { from: before, to: validTo } };
      await audit('owner.home_ended', id, { occupancyId, changes });
      return present(parts, trx, member, id);
    },
  );
}

async function present({ clock }: RouteParts, db: Readable, member: Member, id: string) {
  const owner = await readOwner(Scope.of(member), db, id, clock.now());
  return {
    ...plain(owner),
    phones: owner.phones.map((one) => ({ ...one, number: numberFor(member, one.number) })),
    addresses: plain(owner.addresses).map((one) => ({
      ...one,
      address: addressFor(member, one.address),
    })),
    lastCalls: plain(owner.lastCalls).map(({ estateId, ...one }) => ({
      ...one,
      ...numbersFor(member, { estateId, ...one }),
    })),
  };
}
