import { rulesFor } from '../../contract/call-rules.ts';
import type { CampaignPurpose, MessageChannel } from '../../db/index.ts';

/** What a person chose for a topic (N5); undefined when they never said. */
export interface Wish {
  isWanted: boolean;
  /** In the order that the person prefers. */
  channels: readonly ('call' | MessageChannel)[];
}

/**
 * The ways in which somebody is written to, the preferred one first: the person's own among those that are
 * offered, or these when the person never chose. In an emergency the others follow.
 */
export function channelOrder(
  offered: readonly MessageChannel[],
  purpose: CampaignPurpose,
  wish: Wish | undefined,
  topic?: string,
): MessageChannel[] {
  // Silence is no consent to offers.
  if (wish === undefined) {
    return rulesFor({ purpose, topic }).consent === 'opt_in' ? [] : [...offered];
  }
  const chosen = wish.channels.filter(
    (channel): channel is MessageChannel => channel !== 'call' && offered.includes(channel),
  );
  if (purpose === 'emergency') {
    return [...chosen, ...offered.filter((channel) => !chosen.includes(channel))];
  }
  return wish.isWanted ? chosen : [];
}

/** Whether somebody is to be written to before, or instead of, being called. Never in an emergency. */
export function isWrittenFirst(
  offered: readonly MessageChannel[],
  purpose: CampaignPurpose,
  wish: Wish | undefined,
): boolean {
  if (wish === undefined || purpose === 'emergency' || !wish.isWanted) return false;
  const first = wish.channels.find((one) => one === 'call' || offered.includes(one));
  return first !== undefined && first !== 'call';
}
