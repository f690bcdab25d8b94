import { areInScope, Scope, type SiteThing } from '../../db/index.ts';
import type { RouteParts, Server } from '../api.types.ts';
import { AllSitesError, namedIn, NotThereError, routeOf, SiteError } from '../sites.ts';

/** What a body names, wherever it stands in it. */
const told: Readonly<Record<string, SiteThing>> = {
  estateId: 'estate',
  estateIds: 'estate',
  siteIds: 'estate',
  roomId: 'room',
  personId: 'person',
  callId: 'call',
  listId: 'campaignList',
  workOrderNumber: 'workOrder',
  billIds: 'bill',
  staffId: 'colleague',
  staffIds: 'colleague',
};

/**
 * Keeps staff of some sites to these: what an address names and is not theirs does not exist for them, and what a body
 * names must be theirs (`permission.site`); what counts for all sites they read, and do not change
 * (`permission.all_sites`). Whoever sees all sites costs no question. Lists narrow themselves.
 */
export function installSiteGuard(server: Server, { db }: Pick<RouteParts, 'db'>): void {
  server.addHook('preHandler', async (request) => {
    const { member } = request;
    if (member?.siteIds == null) return;
    const scope = Scope.of(member);
    const route = routeOf(request);
    for (const { thing, id } of namedIn(request)) {
      if (!(await areInScope(scope, db, thing, [id]))) throw new NotThereError(thing);
    }
    if (request.method === 'GET') return;
    if (route?.scope === 'company') throw new AllSitesError();
    for (const [thing, ids] of toldBy(request.body)) {
      if (!(await areInScope(scope, db, thing, ids))) throw new SiteError();
    }
  });
}

function toldBy(body: unknown): Map<SiteThing, string[]> {
  const found = new Map<SiteThing, string[]>();
  const add = (thing: SiteThing, values: readonly unknown[]): void => {
    const ids = values.filter((id): id is string => typeof id === 'string');
    if (ids.length > 0) found.set(thing, [...(found.get(thing) ?? []), ...ids]);
  };
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const thing = Object.hasOwn(told, key) ? told[key] : undefined;
      // The people of another campaign: `{ id }`.
      const isCampaign = key === 'campaign' && typeof inner === 'object' && inner !== null;
      if (isCampaign && 'id' in inner) add('campaign', [(inner as { id: unknown }).id]);
      else if (thing === undefined) walk(inner);
      else add(thing, [inner].flat());
    }
  };
  walk(body);
  return found;
}
