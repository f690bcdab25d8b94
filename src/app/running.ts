/** What goes on between the parts while the service runs. */
import type { Agents } from '../agents/index.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Call, Cti } from '../cti/index.ts';
import type { FlowRunner } from '../ivr/index.ts';
import type { DiskWatch } from '../local/disk-watch.ts';

/** Recordings of calls that ended while nobody watched. */
export async function fileLost(runner: FlowRunner, log: Log): Promise<void> {
  await runner.fileAllSpoken().catch((error: unknown) => {
    log.error({ reason: messageOf(error) }, 'recordings of lost calls not filed');
  });
}

/** Callers are led to the end of what they do, as far as the time allows. */
export async function drain(cti: Cti, drainMs: number): Promise<void> {
  const deadline = Date.now() + drainMs;
  while (cti.calls.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A call that we dialled, and of which no row says why. */
export function warnWithoutRow(call: Call, known: Promise<boolean>): void {
  const warn = (reason: string) => call.log.warn({ reason }, 'adopted call without its row');
  known.then(
    (isKnown) => {
      if (!isKnown) warn('no row');
    },
    (error: unknown) => warn(messageOf(error)),
  );
}

export function alarmOfDisk(watch: DiskWatch, agents: Agents, log: Log): void {
  watch.onChange((disk) => {
    agents.onDisk(disk).catch((error: unknown) => {
      log.error({ reason: messageOf(error) }, 'disk alarm not written');
    });
  });
}
