import {
  beginSecondFactor,
  changeOwnPassword,
  checkNewPassword,
  checkPendingCode,
  confirmOwn,
  confirmSecondFactor,
  removeSecondFactor,
  permissionsOf,
} from '../../../organisation/index.ts';
import { withoutSites } from '../../../db/index.ts';
import type { Sealer } from '../../../core/seal.ts';
import { memberOf, tokenOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import { write } from '../../write.ts';

/** What people do with their own account. Passwords and codes are tried before the write: tries count although refused. */
export function meRoutes(server: Server, parts: RouteParts, sealer: Sealer): void {
  const { clock } = parts;
  const own = { clock, sealer, db: withoutSites(parts.db, 'an account is of no site') };
  route(server, 'GET /me', (request) => {
    const member = memberOf(request);
    return Promise.resolve({ ...member, permissions: [...permissionsOf(member.role)] });
  });
  write(server, parts, 'PUT /me/password', {
    before: ({ request, member }) => checkNewPassword(own, member, request.body),
    async work({ request, member, trx }) {
      const { next } = request.body;
      await changeOwnPassword(trx, clock, member, { next, token: tokenOf(request) ?? '' });
      return null;
    },
  });
  write(server, parts, 'POST /me/second-factor', {
    before: ({ request, member }) => confirmOwn(own, member, request.body),
    work: ({ member, trx }) => beginSecondFactor({ ...own, db: trx }, member),
  });
  write(server, parts, 'PUT /me/second-factor', {
    before: ({ request, member }) => checkPendingCode(own, member, request.body.code),
    async work({ request, member, trx }, pending) {
      await confirmSecondFactor(trx, clock, member, { pending, token: tokenOf(request) ?? '' });
      return null;
    },
  });
  write(server, parts, 'DELETE /me/second-factor', {
    before: ({ request, member }) => confirmOwn(own, member, request.body),
    async work({ request, member, trx }) {
      await removeSecondFactor(trx, clock, member, tokenOf(request) ?? '');
      return null;
    },
  });
}
