import type { NamedThing } from '../contract/codes.ts';
import type { Route } from '../contract/route.ts';
import { routes } from '../contract/routes.ts';
import { AppError } from '../core/errors.ts';
import { areInScope, Scope, type Readable } from '../db/index.ts';
import type { Member } from '../organisation/index.ts';
import type { FastifyRequest } from './api.types.ts';

/**
 * Sites of staff: null for all. What belongs to no site is everybody's; of the rest they see what lies
 * in their sites, and of what does not they are not even told that it exists.
 */
export function seesSite({ siteIds }: Pick<Member, 'siteIds'>, estateId: string | null): boolean {
  return siteIds === null || estateId === null || siteIds.includes(estateId);
}

/** What somebody wants to make lies in a site that is not theirs. */
export class SiteError extends AppError {
  constructor() {
    super({
      code: 'permission.site',
      status: 403,
      message: 'You may not see that site: name one of yours in estateId or roomId.',
    });
  }
}

/** What somebody of some sites wants to change counts for all of them. */
export class AllSitesError extends AppError {
  constructor() {
    super({
      code: 'permission.all_sites',
      status: 403,
      message: 'This counts for all sites; it is changed by somebody who sees all of them.',
    });
  }
}

/** What is said when an address names something of another site: the same as when it does not exist. */
const notThere: Readonly<Record<NamedThing, string>> = {
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

export class NotThereError extends AppError {
  constructor(thing: NamedThing) {
    super({ code: notThere[thing], status: 404, message: 'There is nothing like that.' });
  }
}

/** What the table says of the route that is asked. */
export function routeOf(request: Pick<FastifyRequest, 'routeOptions'>): Route | undefined {
  const { key } = request.routeOptions.config;
  return key === undefined ? undefined : routes[key];
}

/** What the address names, as the table has it. */
export function namedIn(
  request: Pick<FastifyRequest, 'routeOptions' | 'params'>,
): { thing: NamedThing; id: string }[] {
  const params = request.params as Readonly<Record<string, string | undefined>>;
  return Object.entries(routeOf(request)?.names ?? {}).map(([name, thing]) => ({
    thing,
    id: params[name] ?? '',
  }));
}

/**
 * Why a write was refused. What is asked of something that does not exist is refused for that, whatever else is wrong
 * with it; only a refusal costs the question.
 */
export async function refusalOf(
  db: Readable,
  request: Pick<FastifyRequest, 'routeOptions' | 'params' | 'member'>,
  error: unknown,
): Promise<unknown> {
  const { member } = request;
  const mayBeMissing = error instanceof AppError && [403, 409, 422].includes(error.status);
  if (!mayBeMissing || member === undefined) return error;
  const whole = Scope.of({ id: member.id, siteIds: null });
  for (const { thing, id } of namedIn(request)) {
    if (!(await areInScope(whole, db, thing, [id]))) {
      return new NotThereError(thing);
    }
  }
  return error;
}
