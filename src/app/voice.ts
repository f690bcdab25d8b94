import path from 'node:path';
import { queueSentences } from '../agents/index.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../core/log.ts';
import type { Pool } from '../db/index.ts';
import { fixedUtterances, renderAhead, shippedFlows, writeUnattendedSounds } from '../ivr/index.ts';
import type { Tell } from '../start-up.ts';
import { createTts } from '../tts/index.ts';

export type Voice = Awaited<ReturnType<typeof createTts>>;

/** The first caller must not wait for the voice; a second start finds all of it done. */
export async function prepareVoice(config: Config, db: Pool, log: Log, tell: Tell): Promise<Voice> {
  const { dataDir } = config;
  const tts = await createTts({ ...config.tts, cacheDir: path.join(dataDir, 'prompts'), log });
  const greetings = await db.selectFrom('hotline').select(['greeting', 'language']).execute();
  const sentences = [
    ...greetings.map(({ greeting, language }) => ({ text: greeting[language], language })),
    ...shippedFlows.flatMap(fixedUtterances),
    ...queueSentences(),
  ];
  let lastTold = Date.now();
  await renderAhead(
    sentences,
    (one) => tts.renderAhead(one),
    (done, of) => {
      if (Date.now() - lastTold < 2000) return;
      lastTold = Date.now();
      tell('rendering', { done, of });
    },
  );
  await writeUnattendedSounds(path.join(dataDir, 'sounds'), (one) => tts.render(one));
  return tts;
}
