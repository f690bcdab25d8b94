import type { Generated, Selectable } from 'kysely';
import type { FaxSendingState } from '../../contract/codes.ts';
import type { Language } from '../../core/language.ts';
import type { Time } from './columns.ts';

/** Faxes that came in and that go out. */
export interface FaxTables {
  fax: FaxTable;
  faxSending: FaxSendingTable;
  faxTry: FaxTryTable;
}

interface FaxTable {
  id: string;
  callId: string;
  workOrderId: string | null;
  /** The hotline that was dialled. */
  did: string;
  /** Of the sending machine; empty when withheld. */
  number: string;
  pages: number;
  receivedAt: Time;
}

/** For bills of a home, for a message of a campaign, or for an article. */
interface FaxSendingTable {
  id: string;
  roomId: string | null;
  billIds: string[] | null;
  messageId: Generated<string | null>;
  articleId: Generated<string | null>;
  /** Tried once. */
  isUrgent: Generated<boolean>;
  number: string;
  language: Language;
  /** Shown to the far end. */
  did: string;
  state: Generated<FaxSendingState>;
  pages: number | null;
  /** Of the latest try that failed. */
  reason: string | null;
  staffId: string | null;
  /** The call in which its caller asked for it. */
  callId: string | null;
  key: string;
  nextTryAt: Time | null;
  createdAt: Time;
  endedAt: Time | null;
}

interface FaxTryTable {
  id: string;
  faxId: string;
  callId: string;
  startedAt: Time;
  endedAt: Time | null;
  isSent: Generated<boolean>;
  pagesSent: Generated<number>;
  reason: string | null;
}

export type FaxSending = Selectable<FaxSendingTable>;
export type FaxTry = Selectable<FaxTryTable>;
