import type { Language } from '../core/language.ts';
import type { Db, OutboundMessageRow } from '../db/index.ts';

export type Purpose = OutboundMessageRow['purpose'];

/** What a message says at this moment, if it still is to be sent. */
export type WordsNow =
  | {
      do: 'write';
      subject: string | null;
      body: string;
      language: Language;
      timeZone: string;
      /** The estate that writes. */
      from: string;
    }
  /** It would disturb now. */
  | { do: 'wait'; until: Date }
  | { do: 'drop' };

/** The part above that has messages of a purpose written. It registers with `Messaging.register`. */
export interface Author {
  /** For carriers that make a page of the words, long after they were handed over. */
  wordsNow(messageId: string): Promise<WordsNow>;
  /** In the transaction in which a receipt moved a message. */
  onReceipt(trx: Db, message: OutboundMessageRow, to: 'delivered' | 'failed'): Promise<void>;
}

export type Authors = ReadonlyMap<Purpose, Author>;
