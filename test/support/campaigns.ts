import { DateTime } from 'luxon';
import { until } from './until.ts';
import { isPublicHoliday } from '../../src/outbound/rules/index.ts';
import type { Service } from './service.ts';

export interface CampaignSeen {
  id: string;
  state: string;
  heardAt: string | null;
}

/** A zone in which it is about noon now, so that no test depends on the hour at which it runs. */
export function noonZone(now = new Date()): string {
  const offset = 12 - now.getUTCHours();
  // POSIX signs: Etc/GMT-8 is eight hours ahead of Greenwich.
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

/** On these days no debts are spoken of at all. */
export function isHolidayThere(zone: string): boolean {
  return isPublicHoliday(DateTime.now().setZone(zone).toFormat('yyyy-MM-dd'));
}

/** Requests as staff; throws with the problem's text unless the status is good. */
export async function ask<T>(
  service: Service,
  username: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const reply = await service.api(path, {
    token: await service.token(username),
    ...(body === undefined ? {} : { method: 'POST', body }),
  });
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as T;
}

/** Made by the supervisor, heard, approved by the administrator, started. */
export async function launch(service: Service, draft: object): Promise<string> {
  const { id } = await ask<CampaignSeen>(service, 'supervisor', '/campaigns', draft);
  await service.database.db
    .updateTable('campaign')
    .set({ heardAt: new Date() })
    .where('id', '=', id)
    .execute();
  await ask(service, 'supervisor', `/campaigns/${id}/submit`, {});
  await ask(service, 'admin', `/campaigns/${id}/approve`, {});
  await ask(service, 'supervisor', `/campaigns/${id}/start`, {});
  return id;
}

export async function finished(service: Service, id: string, timeoutMs = 60_000): Promise<void> {
  await until(
    'the campaign to be done',
    async () => {
      const { state } = await ask<CampaignSeen>(service, 'admin', `/campaigns/${id}`);
      return state === 'finished' || state === 'stopped';
    },
    { timeoutMs, everyMs: 200 },
  );
}
