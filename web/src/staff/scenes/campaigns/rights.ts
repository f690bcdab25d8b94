/** Who may do what with a campaign, as the service judges it. Pure. */
import type { MessageKey } from '../../../shared/i18n/i18n.ts';
import type { Campaign } from './campaign.types.ts';

type Facts = Pick<Campaign, 'createdBy' | 'submittedBy' | 'editors' | 'heardAt' | 'purpose'>;

/** Why somebody cannot approve what was submitted; undefined when they can. */
export function whyNotApprove(
  { createdBy, submittedBy, editors, heardAt, purpose }: Facts,
  username: string,
): MessageKey | undefined {
  const me = `staff:${username}`;
  if (createdBy === me) return 'approve.created';
  if (editors.includes(me)) return 'approve.edited';
  if (submittedBy === me) return 'approve.submitted';
  // In an emergency nobody waits for a rehearsal.
  return heardAt === null && purpose !== 'emergency' ? 'approve.unheard' : undefined;
}
