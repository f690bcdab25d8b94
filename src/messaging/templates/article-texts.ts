import type { Language } from '../../core/language.ts';
import { publishedArticle, textMessage } from '../../content/index.ts';
import type { Pool } from '../../db/index.ts';
import type { OutboundMessage } from '../delivery/messages.ts';
import type { Messaging } from '../messaging.ts';

/** Sends callers what they asked for in writing. */
export interface ArticleTexts {
  /** Whether any can be sent at all. */
  isPossible(): boolean;
  /** Once for a key, however often it is asked; resolves when it is written down. False: none will come. */
  sendArticle(text: {
    articleId: string;
    number: string;
    language: Language;
    hotline: string;
    key: string;
  }): Promise<boolean>;
}

export interface ArticleTextParts {
  db: Pool;
  messaging: Messaging;
  /** What stands in 【】 at the head of a text. */
  smsSign: string | undefined;
}

/** Articles that callers asked for as a text; they do not wait for the carrier. */
export function createArticleTexts({
  db,
  messaging,
  smsSign: sign,
}: ArticleTextParts): ArticleTexts {
  return {
    isPossible: () => messaging.has('sms'),
    async sendArticle({ articleId, number, language, hotline, key }) {
      const article = await publishedArticle(db, articleId);
      if (article === undefined || !messaging.has('sms')) return false;
      const message: OutboundMessage = {
        ...{ campaignId: null, contactId: null, personId: null, subject: null },
        ...{ channel: 'sms', purpose: 'article', address: number, language },
        body: textMessage(article, language, { sign, hotline }),
        onceKey: `${key}:article`,
      };
      const written = await messaging.write(db, message);
      if (written.is === 'new') messaging.deliverSoon(written.id);
      return written.is !== 'limited';
    },
  };
}
