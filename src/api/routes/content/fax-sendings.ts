import { Scope, type FaxSending, type FaxTry } from '../../../db/index.ts';
import { newId } from '../../../core/ids.ts';
import { NoModemError } from '../../../cti/index.ts';
import {
  addFax,
  faxSendingIn,
  faxSendingsPage,
  triesIn,
  type Faxes,
} from '../../../faxes/index.ts';
import type { Member } from '../../../organisation/index.ts';
import { memberOf, numberFor, scopeOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import { pageById } from '../../lists.ts';
import { notFound } from '../agents/calls.ts';
import { plain } from '../../plain.ts';
import { write } from '../../write.ts';

export function faxSendingRoutes(server: Server, parts: RouteParts, faxes?: Faxes): void {
  const { db, clock } = parts;
  const view = async (fax: FaxSending, member: Member) =>
    faxView(fax, await triesIn(Scope.of(member), db, fax.id), member);
  write(server, parts, 'POST /fax-sendings', {
    before: () => modem(faxes),
    async work({ request, member, scope, trx, audit, afterwards }, sender) {
      const wanted = { ...request.body, staffId: member.id, callId: null, key: newId() };
      const fax = await addFax(scope, trx, clock, wanted);
      const { id, roomId, number } = fax;
      await audit('fax.requested', id, { roomId, number });
      afterwards(() => sender.soon(id));
      return faxView(fax, [], member);
    },
  });
  route(server, 'GET /fax-sendings', async (request) => {
    const member = memberOf(request);
    const { roomId } = request.query;
    const page = await pageById(
      request.query,
      (limit, before) => faxSendingsPage(scopeOf(request), db, { roomId }, limit, before),
      (row) => row,
    );
    return { ...page, items: await Promise.all(page.items.map((fax) => view(fax, member))) };
  });
  route(server, 'GET /fax-sendings/:id', async (request) => {
    const row = await faxSendingIn(scopeOf(request), db, request.params.id);
    if (row === undefined) throw notFound('fax');
    return view(row, memberOf(request));
  });
}

/** What sends faxes. Throws `fax.not_possible` where nothing does. */
export async function modem(faxes: Faxes | undefined): Promise<Faxes> {
  if (faxes === undefined) throw new NoModemError();
  await faxes.check();
  return faxes;
}

/** A fax as the contract has it; its number as `member` may see it. */
export function faxView(
  { key: _key, did: _did, isUrgent: _urgent, ...fax }: FaxSending,
  tries: readonly FaxTry[],
  member: Pick<Member, 'role'>,
) {
  const number = numberFor(member, fax.number);
  return plain({ ...fax, number, tries: tries.map(({ faxId: _faxId, ...one }) => one) });
}
