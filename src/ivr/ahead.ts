import type { EventBus } from '../core/messages/bus.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Pool } from '../db/index.ts';
import type { EventMap } from '../events.ts';
import type { Tts } from '../tts/index.ts';
import { articleUtterances } from './articles.ts';
import { campaignFlows } from './shipped/campaigns.ts';
import { fixedUtterances, renderAhead } from './prompts.ts';

/**
 * Renders what nobody waits for at the start: campaigns' scripts, which are rendered while telephones ring,
 * too, and articles, which are long, each also when it is published. Resolves with what begins it.
 */
export function prepareAhead({
  db,
  tts,
  log,
  events,
}: {
  db: Pool;
  tts: Pick<Tts, 'renderAhead'>;
  log: Log;
  events: Pick<EventBus<EventMap>, 'on'>;
}): () => Promise<void> {
  const read = async (articleId?: string) => {
    await renderAhead(await articleUtterances(db, articleId), (one) => tts.renderAhead(one));
  };
  events.on('article.published', ({ articleId }) => read(articleId));
  return async () => {
    await renderAhead(campaignFlows.flatMap(fixedUtterances), (one) => tts.renderAhead(one));
    await read().catch((error: unknown) => {
      log.warn({ reason: messageOf(error) }, 'articles not rendered ahead');
    });
  };
}
