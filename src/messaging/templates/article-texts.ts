import { publishedArticle, textMessage } from '../../content/index.ts';
import type { Texts } from '../../ivr/index.ts';
import { deliverSoon, writeMessage, type MessageParts } from '../delivery/messages.ts';

/** Articles that callers asked for as a text; they do not wait for the carrier. */
export function createArticleTexts(parts: MessageParts & { smsSign: string | undefined }): Texts {
  const { db, clock, sender, smsSign: sign } = parts;
  return {
    isPossible: () => sender.has('sms'),
    async sendArticle({ articleId, number, language, hotline, key }) {
      const article = await publishedArticle(db, articleId);
      if (article === undefined || !sender.has('sms')) return false;
      const id = await writeMessage(
        db,
        {
          ...{ campaignId: null, contactId: null, personId: null, subject: null },
          ...{ channel: 'sms', purpose: 'article', address: number, language },
          body: textMessage(article, language, { sign, hotline }),
          onceKey: `${key}:article`,
        },
        clock.now(),
      );
      // Without an id it was written before: the step is repeated after a crash.
      if (id !== undefined) deliverSoon(parts, id);
      return true;
    },
  };
}
