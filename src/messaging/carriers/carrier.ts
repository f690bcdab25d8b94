import type { OutboundMessageRow } from '../../db/index.ts';
import type { SendOutcome } from '../delivery/message.states.ts';
import type { About } from '../limits/facts.ts';

export type CarriedMessage = Pick<
  OutboundMessageRow,
  'id' | 'channel' | 'address' | 'language' | 'subject' | 'body' | 'createdAt'
>;

/** Hands a message over, once. Never throws: what went wrong is the outcome. */
export type Carrier = (message: CarriedMessage, about: About) => Promise<SendOutcome>;
