import { areInSites, type SiteThing } from '../../db/index.ts';
import { AppError } from '../../core/errors.ts';
import type { NamedThing } from '../../contract/codes.ts';
import type { Route } from '../../contract/route.ts';
import { routes } from '../../contract/routes.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { AllSitesError, SiteError } from '../sites.ts';

/** What is said when an address names something of another site: the same as when it does not exist. */
const codes: Readonly<Record<NamedThing, string>> = {
  bill: 'bill.not_found',
  person: 'owner.not_found',
  occupancy: 'home.not_found',
  call: 'call.not_found',
  campaignCall: 'campaign.no_call',
  recording: 'recording.not_found',
  fax: 'fax.not_found',
  alarm: 'alarm.not_found',
  hotline: 'hotline.not_found',
  article: 'article.not_found',
  workOrder: 'work_order.not_found',
  campaign: 'campaign.not_found',
  doNotCall: 'do_not_call.not_found',
  staff: 'staff.not_found',
  colleague: 'staff.not_found',
};

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
export function installSiteGuard(server: Server, { db }: ApiParts): void {
  server.addHook('preHandler', async (request) => {
    const { member } = request;
    if (member?.siteIds == null) return;
    const scope = { sites: member.siteIds, staffId: member.id };
    const { key } = request.routeOptions.config;
    const route: Route | undefined = key === undefined ? undefined : routes[key];
    const params = request.params as Readonly<Record<string, string | undefined>>;
    for (const [name, thing] of Object.entries(route?.names ?? {})) {
      if (await areInSites(db, thing, [params[name] ?? ''], scope)) continue;
      const message = 'There is nothing like that.';
      throw new AppError({ code: codes[thing], status: 404, message });
    }
    if (request.method === 'GET') return;
    if (route?.scope === 'company') throw new AllSitesError();
    for (const [thing, ids] of toldBy(request.body)) {
      if (!(await areInSites(db, thing, ids, scope))) throw new SiteError();
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
