import { startService, type Service } from './service.ts';
import { openEslProxy, type EslProxy } from './esl-proxy.ts';
import { startSwitch, type TestSwitch } from './switch.ts';

/** A service that reaches its switch over a wire which tests can cut. */
export interface Troubled {
  sw: TestSwitch;
  wire: EslProxy;
  service: Service;
  close(): Promise<void>;
}

export async function startTroubled(): Promise<Troubled> {
  const sw = await startSwitch();
  const wire = await openEslProxy(sw.address);
  const service = await startService(
    { ESL_URLS: wire.url, DEAD_MAN_SEC: '25' },
    { sipPort: sw.sipPort },
  );
  return {
    sw,
    wire,
    service,
    async close() {
      await service.stop();
      wire.close();
      await sw.close();
    },
  };
}

/** Lines of the service's log with that message. */
export function logged(service: Service, message: string): Record<string, unknown>[] {
  return service.output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['msg'] === message);
}

/** Message orders of those callers, each with how long its recording is. */
export function messagesOf(
  service: Service,
  numbers: readonly string[],
): Promise<{ contactNumber: string; category: string; durationMs: number | null }[]> {
  return service.database.db
    .selectFrom('workOrder')
    .leftJoin('recording', 'recording.workOrderId', 'workOrder.id')
    .select(['workOrder.contactNumber', 'workOrder.category', 'recording.durationMs'])
    .where('workOrder.kind', '=', 'message')
    .where('workOrder.contactNumber', 'in', numbers)
    .execute();
}

export async function noCalls(service: Service): Promise<boolean> {
  const reply = await service.api('/health');
  return ((await reply.json()) as { liveCalls: number }).liveCalls === 0;
}
