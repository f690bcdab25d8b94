import path from 'node:path';
import { seedDemoArticles } from '../content/index.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Pool } from '../db/index.ts';
import { makeDemoHistory } from '../demo/index.ts';
import { demoPassword } from '../local/demo-password.ts';
import { seedDemo } from '../property/index.ts';
import {
  letInDemoStaff,
  refuseExposedDemo,
  seedDemoStaff,
  shutOutDemoStaff,
} from '../organisation/index.ts';
import type { Tell } from '../start-up.ts';

/** Accounts with a shared password are for demos alone. */
export async function openOrShutDemo(db: Pool, config: Config, tell: Tell): Promise<void> {
  if (config.isDemo) await letInDemoStaff(db);
  else {
    const count = await shutOutDemoStaff(db);
    if (count > 0) tell('demoShutOut', { count });
  }
  await refuseExposedDemo(db, config.http.host);
}

/** Estates, owners, bills, articles and accounts, once. */
export async function furnishDemo(db: Pool, config: Config, tell: Tell): Promise<void> {
  if (!config.isDemo) return;
  if (await seedDemo(db, systemClock.now())) tell('demoData');
  await seedDemoArticles(db, systemClock.now());
  const password = demoPassword(config.dataDir, config.demoPassword);
  if (await seedDemoStaff(db, password)) {
    tell('demoAccounts', { password });
    tell('demoPassword', { path: path.join(config.dataDir, 'demo-password') });
  }
}

/** What a demo is judged by; that it could not be made keeps nobody from starting. */
export async function makePast(db: Pool, config: Config, log: Log, node: string): Promise<void> {
  if (!config.isDemoHistoryWanted) return;
  const switchNode = config.nodes[0]?.name ?? node;
  try {
    await makeDemoHistory(db, { now: systemClock.now(), switchNode });
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'demo history not made');
  }
}
