import { AppError } from '../core/errors.ts';
import type { Member } from '../organisation/index.ts';

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
