import type { Clock } from '../core/clock.ts';
import type { Pool } from '../db/index.ts';
import type { Faxes } from '../faxes/index.ts';
import type { ArticleTexts } from '../messaging/index.ts';
import type { HotlineWithEstate } from '../property/index.ts';
import type { Recordings } from '../recording/index.ts';

export interface Records {
  db: Pool;
  clock: Clock;
  recordings: Recordings;
  /** Undefined while there is no way to send any. */
  faxes?: Faxes | undefined;
  texts?: ArticleTexts;
}

/** What is known of a call when records are asked or written. */
export interface CallFacts {
  id: string;
  callerNumber: string;
  /** Else the number is what a stranger claims, and stands for nobody; see `Call`. */
  isNumberVerified: boolean;
  hotline: HotlineWithEstate;
  /** Of a call that we made: whose agents it is for. */
  dialled?: { queue: string | undefined; staffId: string | undefined };
}
