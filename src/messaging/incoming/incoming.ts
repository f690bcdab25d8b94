import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { emit, type CampaignPurpose, type Db, type Pool } from '../../db/index.ts';
import { choose, normaliseNumber, onlyPersonOf, type ChoiceChannel } from '../../property/index.ts';
import { rulesFor } from '../../contract/call-rules.ts';

/** A text that somebody sent to us, as the gateway tells of it. */
export interface Incoming {
  /** The gateway's; the same again is not taken twice. */
  id: string;
  from: string;
  text: string;
}

/** Words with which mainland and other carriers let people end texts, alone in a text. */
const stopWords: ReadonlySet<string> = new Set([
  ...['T', 'TD', '退订', '取消订阅', '拒收', '停止发送', '不要再发'],
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'],
]);

/** Whether a text asks for no more of them: the word alone, however it is written, or 回T and 回复T. */
export function asksToStop(text: string): boolean {
  const bare = text
    .normalize('NFKC')
    .replaceAll(/[\s\p{P}\p{S}]/gu, '')
    .toUpperCase()
    .replace(/^(?:回复|回)/u, '');
  return stopWords.has(bare);
}

/** A text is taken for an answer to what we wrote in so many days before. */
const answerDays = 30;

/**
 * Files a text that came in, once, with the person and the message that it answers as far as anybody
 * can tell, and obeys it when it asks for an end.
 */
export async function takeIncoming(
  { db, clock, log }: { db: Pool; clock: Clock; log: Log },
  { id: providerId, from, text }: Incoming,
): Promise<void> {
  const now = clock.now();
  const number = normaliseNumber(from);
  await db.transaction().execute(async (trx) => {
    const about = await answered(trx, number, now);
    const asks = asksToStop(text) ? 'stop' : 'nothing';
    const filed = await trx
      .insertInto('incomingMessage')
      .values({
        ...{ id: newId(), channel: 'sms', providerId, number, text, asks, receivedAt: now },
        ...{ topic: about.topic, personId: about.personId },
        ...{ messageId: about.messageId, campaignId: about.campaignId },
      })
      .onConflict((conflict) => conflict.columns(['channel', 'providerId']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (filed === undefined) return;
    if (asks === 'stop') await obey(trx, clock, { ...about, number, evidence: `sms:${filed.id}` });
    const { personId, campaignId } = about;
    const payload = { incomingId: filed.id, personId, campaignId, asks } as const;
    await emit(trx, 'message.received', payload, now);
    log.info({ incomingId: filed.id, asks }, 'text received');
  });
}

interface Answered {
  messageId: string | null;
  campaignId: string | null;
  topic: string | null;
  purpose: CampaignPurpose | null;
  personId: string | null;
}

/** The latest message to that number, and whose number it is: nobody's, when several have it. */
async function answered(db: Db, number: string, now: Date): Promise<Answered> {
  const message = await db
    .selectFrom('outboundMessage')
    .innerJoin('campaign', 'campaign.id', 'outboundMessage.campaignId')
    .select(['outboundMessage.id as messageId', 'campaignId', 'personId', 'topic'])
    .select('campaign.purpose')
    .where('channel', '=', 'sms')
    .where('address', '=', number)
    .where('outboundMessage.state', 'in', ['sending', 'sent', 'delivered', 'unknown'])
    .where('outboundMessage.createdAt', '>', new Date(now.getTime() - answerDays * 86_400_000))
    .orderBy('outboundMessage.createdAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  const personId = message?.personId ?? (await onlyPersonOf(db, number)) ?? null;
  const none = { messageId: null, campaignId: null, topic: null, purpose: null };
  return { ...none, ...message, personId };
}

/**
 * Offers and surveys end altogether. Of notices and reminders only the texts end: they are no
 * advertisement, and the person's other ways stand. Emergencies cannot be declined. Whoever is not known,
 * or answers nothing that we know of, gets no offers any more at that number.
 */
async function obey(
  trx: Db,
  clock: Clock,
  { personId, topic, purpose, number, evidence }: Answered & { number: string; evidence: string },
): Promise<void> {
  if (purpose !== null && rulesFor({ purpose, topic }).stopEnds === 'nothing') return;
  if (personId !== null && topic !== null && purpose !== null) {
    await withdrawTexts(trx, clock, { personId, topic, purpose, evidence });
    return;
  }
  await trx
    .insertInto('doNotCall')
    .values({
      ...{ id: newId(), number, personId: null, scope: purpose ?? 'marketing', until: null },
      ...{ source: 'owner', reason: evidence, callId: null, createdBy: 'sms' },
      createdAt: clock.now(),
    })
    .execute();
}

const usualChannels: readonly ChoiceChannel[] = ['call', 'email', 'fax'];

async function withdrawTexts(
  trx: Db,
  clock: Clock,
  {
    personId,
    topic,
    purpose,
    evidence,
  }: { personId: string; topic: string; purpose: CampaignPurpose; evidence: string },
): Promise<void> {
  const before = await trx
    .selectFrom('subscription')
    .select(['isWanted', 'channels', 'hours'])
    .where('personId', '=', personId)
    .where('topic', '=', topic)
    .executeTakeFirst();
  const isWhole = rulesFor({ purpose, topic }).stopEnds === 'everything';
  const channels = (before?.channels ?? usualChannels).filter((one) => one !== 'sms');
  await choose(trx, clock, personId, {
    ...{ topic, channels, evidence, hours: before?.hours ?? null },
    isWanted: !isWhole && before?.isWanted !== false && channels.length > 0,
  });
}
