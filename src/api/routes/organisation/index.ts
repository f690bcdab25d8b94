import type { Sealer } from '../../../core/seal.ts';
import type { Wing } from '../../api.types.ts';
import { codeRoutes } from './codes.ts';
import { meRoutes } from './me.ts';
import { sessionRoutes } from './session.ts';
import { staffRoutes } from './staff.ts';

/** Accounts and log-ins, what people can do, the audit. `sealer`: of the secrets of second factors. */
export function organisationWing(sealer: Sealer): Wing {
  return (server, parts) => {
    sessionRoutes(server, parts, sealer);
    staffRoutes(server, parts, sealer);
    meRoutes(server, parts, sealer);
    codeRoutes(server, parts);
  };
}
