import { newId } from '../../core/ids.ts';
import type { Pool } from '../../db/index.ts';

/** Gateways that the settings name and no trunk knows yet become trunks; staff may change them then. */
export async function ensureTrunks(db: Pool, gateways: readonly string[]): Promise<void> {
  if (gateways.length === 0) return;
  const hotlines = await db
    .selectFrom('hotline')
    .select(['did', 'estateId'])
    .orderBy('createdAt')
    .orderBy('did')
    .execute();
  const [first] = hotlines;
  if (first === undefined) return;
  const callerIds = Object.fromEntries(
    [...hotlines].reverse().map(({ did, estateId }) => [estateId, did]),
  );
  for (const [index, gateway] of gateways.entries()) {
    await db
      .insertInto('trunk')
      .values({
        id: newId(),
        name: gateway,
        gateway,
        priority: index + 1,
        maxLines: 200,
        callerId: first.did,
        callerIds: JSON.stringify(callerIds),
      })
      .onConflict((conflict) => conflict.column('gateway').doNothing())
      .execute();
  }
}
