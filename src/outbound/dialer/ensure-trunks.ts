import { newId } from '../../core/ids.ts';
import type { Pool } from '../../db/index.ts';

const carrierLines = 200;
/** As many as a laptop's switch and a few test telephones bear; a campaign is seen to move all the same. */
const testLines = 20;

/**
 * Gateways that the settings name and no trunk knows yet become trunks; staff may change them then. The trunk of the
 * demo is out of use as soon as the settings name carriers.
 */
export async function ensureTrunks(
  db: Pool,
  gateways: readonly string[],
  demoTrunk: string,
): Promise<void> {
  await db
    .updateTable('trunk')
    .set({ isEnabled: gateways.includes(demoTrunk) })
    .where('gateway', '=', demoTrunk)
    .execute();
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
        maxLines: gateway === demoTrunk ? testLines : carrierLines,
        callerId: first.did,
        callerIds: JSON.stringify(callerIds),
      })
      .onConflict((conflict) => conflict.column('gateway').doNothing())
      .execute();
  }
}
