/** A thing of every kind, and what requests about it look like: for tests that walk the table of routes. */
import { sql } from 'kysely';
import { newId } from '../../src/core/ids.ts';
import type { Db } from '../../src/db/index.ts';
import { hashPin } from '../../src/property/index.ts';

/** Marks of the other site: none of them may be seen. */
export const mark = 'GARDEN-SECRET';
export const number = '13987650001';

export interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  format?: string;
  pattern?: string;
  minimum?: number;
  minItems?: number;
  minLength?: number;
  minProperties?: number;
}

/** A thing of every kind in one estate, and what it is called in addresses and bodies. */
export async function fill(db: Db, estateId: string) {
  const at = new Date();
  const room = await db
    .selectFrom('room')
    .selectAll()
    .where('estateId', '=', estateId)
    .orderBy('id')
    .executeTakeFirstOrThrow();
  const ids = {
    ...{ person: newId(), phone: newId(), address: newId(), occupancy: newId(), bill: newId() },
    ...{ call: newId(), recording: newId(), fax: newId(), alarm: newId(), campaign: newId() },
    ...{ list: newId(), contact: newId(), attempt: newId(), campaignCall: newId(), order: newId() },
    ...{ article: newId(), staff: newId(), session: newId(), doNotCall: newId(), audit: newId() },
    ...{ message: newId(), incoming: newId(), faxSending: newId(), trunk: newId() },
    ...{ queue: newId(), offer: newId() },
  };
  await db
    .insertInto('person')
    .values({
      ...{ id: ids.person, name: mark, namePinyin: 'garden', notes: mark },
      pinHash: await hashPin('2468'),
    })
    .execute();
  await db
    .insertInto('personPhone')
    .values({ id: ids.phone, personId: ids.person, number, isPrimary: true })
    .execute();
  const address = `${mark}@example.com`;
  await db
    .insertInto('personAddress')
    .values({
      ...{ id: ids.address, personId: ids.person, channel: 'email' },
      address,
      isPrimary: true,
    })
    .execute();
  await db
    .insertInto('occupancy')
    .values({
      ...{ id: ids.occupancy, personId: ids.person, roomId: room.id, role: 'owner' },
      validFrom: '2020-01-01',
    })
    .execute();
  await db
    .insertInto('bill')
    .values({
      ...{ id: ids.bill, roomId: room.id, kind: 'water', period: '2001-01' },
      amountFen: 777_777,
      dueOn: '2026-10-31',
    })
    .execute();
  const call = {
    ...({ direction: 'outbound', state: 'ended', did: '4000', callerNumber: number } as const),
    ...{ switchNode: 'test', startedAt: at, endedAt: at, personId: ids.person },
  };
  await db
    .insertInto('call')
    .values([
      { ...call, id: ids.call, estateId, direction: 'inbound' },
      { ...call, id: ids.campaignCall, estateId: null, personId: null },
    ])
    .execute();
  await db
    .insertInto('recording')
    .values({
      ...{ id: ids.recording, callId: ids.call, legId: newId(), channels: 1, path: 'x.wav' },
      ...{ state: 'ready', purpose: 'message', startedAt: at, endedAt: at },
    })
    .execute();
  await db
    .insertInto('fax')
    .values({ ...{ id: ids.fax, callId: ids.call, did: '4000', number, pages: 1 }, receivedAt: at })
    .execute();
  await db
    .insertInto('alarm')
    .values({
      ...{ id: ids.alarm, kind: 'emergency', raisedAt: at, callId: ids.call, estateId },
      details: JSON.stringify({ mark }),
    })
    .execute();
  await db
    .insertInto('dutyPhone')
    .values({ id: newId(), estateId, place: 9, name: mark, number: '02155550199' })
    .execute();
  await db
    .insertInto('campaignList')
    .values({
      ...{ id: ids.list, name: mark, entries: 0, faults: '[]', siteIds: [estateId] },
      ...{ createdBy: 'staff:x', createdAt: at },
    })
    .execute();
  const settings = await settingsOf(estateId);
  await db
    .insertInto('campaign')
    .values({
      ...{ id: ids.campaign, name: mark, kind: 'notice', purpose: 'service', topic: 'outage' },
      ...{ state: 'draft', settings: JSON.stringify(settings), siteIds: [estateId] },
      ...{ createdBy: 'staff:x', createdAt: at, updatedAt: at, copiedFrom: null, seriesId: null },
      ...{ submittedBy: null, approvedBy: null },
    })
    .execute();
  await db
    .insertInto('campaignContact')
    .values({
      ...{ id: ids.contact, campaignId: ids.campaign, householdKey: `room:${room.id}`, estateId },
      ...{ personId: ids.person, roomId: room.id, name: mark, language: 'zh-CN' },
      ...{ timeZone: 'Asia/Shanghai', numbers: JSON.stringify([{ number, personId: ids.person }]) },
      ...{ state: 'reached', result: null, refusal: null, nextNumber: null, owedFen: null },
      ...{ fallback: null, reservedBy: null, createdAt: at },
    })
    .execute();
  await db
    .insertInto('trunk')
    .values({
      ...{ id: ids.trunk, name: 'sites', gateway: 'sites', maxLines: 1, callerId: '4000' },
      callerIds: JSON.stringify({ [estateId]: mark }),
    })
    .execute();
  await db
    .insertInto('attempt')
    .values({
      ...{ id: ids.attempt, campaignId: ids.campaign, contactId: ids.contact, number },
      ...{ callId: ids.campaignCall, subjectKey: 'x', householdKey: 'x', personId: ids.person },
      ...{ roomId: room.id, trunkId: ids.trunk, staffId: null, callerId: '4000', state: 'ended' },
      ...{ result: null, hangupCause: null, owedFen: null, evidence: '{}', createdAt: at },
    })
    .execute();
  await db
    .insertInto('workOrder')
    .values({
      ...{ id: ids.order, number: '260101-0001', kind: 'repair', category: 'water', state: 'new' },
      ...{ severity: 'minor', source: 'api', estateId, roomId: room.id, personId: ids.person },
      ...{ callId: ids.call, contactNumber: number, language: 'zh-CN', summary: mark },
      ...{ idempotencyKey: null, createdAt: at, updatedAt: at },
    })
    .execute();
  const { settings: queueSettings } = await db
    .selectFrom('queue')
    .select('settings')
    .where('code', '=', 'general')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('queue')
    .values({ id: ids.queue, code: 'garden', settings: JSON.stringify(queueSettings) })
    .execute();
  const words = { title: mark, titleEn: '', body: mark, bodyEn: '' };
  await db
    .insertInto('article')
    .values({
      ...{ id: ids.article, estateId, topic: 'rules', ...words, state: 'published' },
      ...{ publishedAt: at, updatedBy: null, createdAt: at, updatedAt: at },
    })
    .execute();
  await db
    .insertInto('staff')
    .values({
      ...{ id: ids.staff, username: 'gardener', displayName: mark },
      role: 'admin',
      passwordHash: 'x',
    })
    .execute();
  await db.insertInto('staffSite').values({ staffId: ids.staff, estateId }).execute();
  await db
    .insertInto('staffSession')
    .values({
      ...{ id: ids.session, staffId: ids.staff, tokenHash: 'x', userAgent: mark },
      ...{ expiresAt: new Date(at.getTime() + 3600_000), address: '127.0.0.1' },
    })
    .execute();
  await db
    .insertInto('auditEntry')
    .values({
      ...{ id: ids.audit, staffId: ids.staff, act: 'bill.paid', subject: ids.bill },
      ...{ details: JSON.stringify({ mark }), at },
    })
    .execute();
  await db
    .insertInto('doNotCall')
    .values({
      ...{ id: ids.doNotCall, number, personId: ids.person, scope: 'all', source: 'staff' },
      ...{ reason: mark, callId: null, createdBy: 'staff:gardener', createdAt: at },
    })
    .execute();
  await db
    .insertInto('incomingMessage')
    .values({
      ...{ id: ids.incoming, channel: 'sms', providerId: 'x', number, text: mark, asks: 'nothing' },
      ...{ topic: null, personId: ids.person, messageId: null, campaignId: ids.campaign },
      receivedAt: at,
    })
    .execute();
  const { did } = await db
    .selectFrom('hotline')
    .select('did')
    .where('estateId', '=', estateId)
    .executeTakeFirstOrThrow();
  await sql`UPDATE hotline SET greeting = jsonb_build_object('zh-CN', ${mark}::text, 'en', ${mark}::text)
    WHERE did = ${did}`.execute(db);
  await sql`UPDATE fax SET did = ${did}`.execute(db);
  return { ...ids, room: room.id, unit: room.unitId, did, number: '260101-0001', estate: estateId };
}

async function settingsOf(estateId: string) {
  const { withDefaults } = await import('../../src/outbound/campaigns/defaults.ts');
  const { settings } = withDefaults({ name: mark, kind: 'notice' });
  return { ...settings, audience: { estateIds: [estateId] } };
}

export type Things = Awaited<ReturnType<typeof fill>>;

/** What a parameter of a route stands for. A route that nobody has thought of is a fault. */
export function idsFor(route: string, name: string, of: Things): string {
  const byName: Record<string, string> = {
    ...{ did: of.did, number: of.number, contactId: of.contact, phoneId: of.phone },
    ...{ addressId: of.address, occupancyId: of.occupancy, staffId: of.staff, topic: 'outage' },
    ...{ version: '1', code: 'meal' },
  };
  const byRoute: Record<string, string> = {
    ...{ campaigns: of.campaign, 'campaign-calls': of.campaignCall, calls: of.call },
    ...{ owners: of.person, bills: of.bill, recordings: of.recording, faxes: of.fax },
    ...{ alarms: of.alarm, articles: of.article, staff: of.staff, agents: of.staff },
    ...{ sessions: of.session, 'do-not-call': of.doNotCall, 'fax-sendings': of.faxSending },
    ...{ flows: 'main', queues: of.queue, offers: of.offer },
  };
  const known = byName[name] ?? byRoute[route.split('/')[1] ?? ''];
  if (known === undefined) throw new Error(`say in this test what {${name}} of ${route} is`);
  return known;
}

/** Fields of bodies and queries that name a thing. */
export function known(name: string, of: Things): unknown {
  const values: Record<string, unknown> = {
    ...{ estateId: of.estate, roomId: of.room, personId: of.person, callId: of.call },
    ...{ workOrderNumber: of.number, billIds: [of.bill], siteIds: [of.estate], number },
    ...{ listId: of.list, contactId: of.contact, staffId: of.staff, staffIds: [of.staff] },
    ...{ audience: { estateIds: [of.estate] }, expectedVersion: 1, pin: '2468' },
    ...{ username: 'somebody-new', text: `电话\n${number}` },
  };
  return values[name];
}

export function sample(schema: Schema, of: Things, name = ''): unknown {
  const value = known(name, of);
  if (value !== undefined) return value;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return sample(schema.anyOf[0] ?? {}, of, name);
  if (schema.properties !== undefined) {
    const { properties, required = [] } = schema;
    const all = Object.keys(properties).filter(
      (key) => required.includes(key) || known(key, of) !== undefined || schema.minProperties === 1,
    );
    return Object.fromEntries(all.map((key) => [key, sample(properties[key] ?? {}, of, key)]));
  }
  if (schema.type === 'array') {
    return (schema.minItems ?? 0) > 0 ? [sample(schema.items ?? {}, of, name)] : [];
  }
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  if (schema.format === 'uuid') return of.call;
  if (schema.format === 'date') return '2026-11-01';
  if (schema.format === 'date-time') return '2026-11-01T00:00:00.000Z';
  if (schema.pattern !== undefined) {
    const pattern = new RegExp(schema.pattern, 'u');
    return ['outage', '123456'].find((one) => pattern.test(one)) ?? '123456';
  }
  return 'a word or two';
}
