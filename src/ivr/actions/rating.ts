import { newId } from '../../core/ids.ts';
import type { Records } from '../records.ts';

/** A caller's rating of the talk that they have just had; a repeated step changes it, and adds none. */
export async function keepRating(
  { db, clock }: Pick<Records, 'db' | 'clock'>,
  callId: string,
  { survey, score }: { survey: string; score: number },
): Promise<void> {
  const call = await db
    .selectFrom('call')
    .select('personId')
    .where('id', '=', callId)
    .executeTakeFirst();
  const talk = await db
    .selectFrom('engagement')
    .select(['staffId', 'queueId'])
    .where('callId', '=', callId)
    .orderBy('talkSince', 'desc')
    .limit(1)
    .executeTakeFirst();
  await db
    .insertInto('surveyAnswer')
    .values({
      ...{ id: newId(), survey, question: survey, score, callId, at: clock.now() },
      ...{ campaignId: null, contactId: null, workOrderId: null },
      personId: call?.personId ?? null,
      staffId: talk?.staffId ?? null,
      queueId: talk?.queueId ?? null,
    })
    .onConflict((conflict) => conflict.columns(['callId', 'question']).doUpdateSet({ score }))
    .execute();
}
