import { areInSites, type SiteThing } from '../../db/index.ts';
import { AppError } from '../../core/errors.ts';
import type { ApiParts, FastifyRequest, Server } from '../api.types.ts';
import { AllSitesError, SiteError } from '../sites.ts';

/** What an address names, by the route that it begins with, and what is said when it is not theirs. */
const named: readonly (readonly [route: string, thing: SiteThing, code: string])[] = [
  ['/campaigns/:id', 'campaign', 'campaign.not_found'],
  ['/campaign-calls/:id', 'campaignCall', 'campaign.no_call'],
  ['/calls/:id', 'call', 'call.not_found'],
  ['/owners/:id', 'person', 'owner.not_found'],
  ['/owners/:id/homes/:occupancyId', 'occupancy', 'home.not_found'],
  ['/bills/:id', 'bill', 'bill.not_found'],
  ['/recordings/:id', 'recording', 'recording.not_found'],
  ['/faxes/:id', 'fax', 'fax.not_found'],
  ['/alarms/:id', 'alarm', 'alarm.not_found'],
  ['/hotlines/:did', 'hotline', 'hotline.not_found'],
  ['/articles/:id', 'article', 'article.not_found'],
  ['/do-not-call/:id', 'doNotCall', 'do_not_call.not_found'],
  ['/work-orders/:number', 'workOrder', 'work_order.not_found'],
  ['/staff/:id', 'staff', 'staff.not_found'],
  ['/agents/:id', 'colleague', 'staff.not_found'],
  ['/agents/:staffId', 'colleague', 'staff.not_found'],
];

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
export function installSiteGuard(server: Server, { db }: ApiParts, prefix: string): void {
  server.addHook('preHandler', async (request) => {
    const { member } = request;
    if (member?.siteIds == null) return;
    const scope = { sites: member.siteIds, staffId: member.id };
    for (const { thing, code, id } of targetsOf(request, prefix)) {
      if (await areInSites(db, thing, [id], scope)) continue;
      throw new AppError({ code, status: 404, message: 'There is nothing like that.' });
    }
    if (request.method === 'GET') return;
    if (isForAll(request.routeOptions.url?.slice(prefix.length) ?? '')) throw new AllSitesError();
    for (const [thing, ids] of toldBy(request.body)) {
      if (!(await areInSites(db, thing, ids, scope))) throw new SiteError();
    }
  });
}

function targetsOf(request: FastifyRequest, prefix: string) {
  const url = request.routeOptions.url?.slice(prefix.length) ?? '';
  const params = request.params as Readonly<Record<string, string | undefined>>;
  return named
    .filter(([route]) => url === route || url.startsWith(`${route}/`))
    .map(([route, thing, code]) => ({
      ...{ thing, code },
      id: params[route.slice(route.lastIndexOf(':') + 1)] ?? '',
    }));
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

/** What counts for all estates, with everything below it: changed by those who see all of them. */
const forAll = ['/flows', '/queues', '/skills', '/break-reasons', '/wrap-up-reasons'];

function isForAll(url: string): boolean {
  return forAll.some((route) => url === route || url.startsWith(`${route}/`));
}
