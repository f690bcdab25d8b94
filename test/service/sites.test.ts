import { sql } from 'kysely';
import t from 'tap';
import { newId } from '../../src/core/ids.ts';
import { allRoutes, type RouteKey } from '../../src/contract/routes.ts';
import type { Db, StaffRole } from '../../src/db/index.ts';
import { can } from '../../src/organisation/index.ts';
import { hashPin } from '../../src/property/index.ts';
import { startApi } from '../support/api.ts';

/** Marks of the other site: none of them may be seen. */
const mark = 'GARDEN-SECRET';
const number = '13987650001';

interface Schema {
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
async function fill(db: Db, estateId: string) {
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

type Things = Awaited<ReturnType<typeof fill>>;

/** What a parameter of a route stands for. A route that nobody has thought of is a fault. */
function idsFor(route: string, name: string, of: Things): string {
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
function known(name: string, of: Things): unknown {
  const values: Record<string, unknown> = {
    ...{ estateId: of.estate, roomId: of.room, personId: of.person, callId: of.call },
    ...{ workOrderNumber: of.number, billIds: [of.bill], siteIds: [of.estate], number },
    ...{ listId: of.list, contactId: of.contact, staffId: of.staff, staffIds: [of.staff] },
    ...{ audience: { estateIds: [of.estate] }, expectedVersion: 1, pin: '2468' },
    ...{ username: 'somebody-new', text: `电话\n${number}` },
  };
  return values[name];
}

function sample(schema: Schema, of: Things, name = ''): unknown {
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

void t.test('what staff of one site see and do of another', async (t) => {
  const api = await startApi();
  t.teardown(() => api.close());
  const { db } = api.database;
  const estates = await db.selectFrom('estate').select(['id', 'code']).execute();
  const [garden = '', riverside = ''] = ['JX', 'BJ'].map(
    (code) => estates.find((one) => one.code === code)?.id,
  );
  const things = await fill(db, garden);
  // May do everything, but in one site.
  const limited = await db
    .updateTable('staff')
    .set({ role: 'admin' })
    .where('username', '=', 'agent6')
    .returning('id')
    .executeTakeFirstOrThrow();
  await db.insertInto('staffSite').values({ staffId: limited.id, estateId: riverside }).execute();
  const as = 'agent6';
  const routes = allRoutes();
  const addressOf = (route: string, schema: Schema = {}) => {
    const where = route.replaceAll(/:(\w+)/g, (_all, name: string) => idsFor(route, name, things));
    const { properties = {}, required = [] } = schema;
    const query = Object.entries(properties).flatMap(([name, one]) => {
      const value =
        known(name, things) ?? (required.includes(name) ? sample(one, things, name) : undefined);
      return typeof value === 'string' ? [`${name}=${encodeURIComponent(value)}`] : [];
    });
    return query.length === 0 ? where : `${where}?${query.join('&')}`;
  };

  await t.test(
    'given every address that can be read, then nothing of the other site is in it',
    async (t) => {
      const ids = Object.values(things).filter(
        (one) =>
          ![things.estate, things.number, things.trunk, things.did, things.queue].includes(one),
      );
      for (const { key, method, path, route } of routes) {
        const isOfNobody = route.scope === 'public' || key === 'GET /failed-jobs';
        if (method !== 'GET' || isOfNobody || key === 'GET /events') continue;
        const asked = new Set([addressOf(path, route.query), addressOf(path)]);
        for (const where of asked) {
          const reply = await fetch(`http://127.0.0.1:${api.port}/api/v1${where}`, {
            headers: { authorization: `Bearer ${await api.token(as)}` },
          });
          const text = await reply.text();
          t.ok(reply.status < 500, `${where}: ${reply.status} ${text.slice(0, 200)}`);
          const seen = [mark, number, ...ids].filter((one) => text.includes(one));
          t.same(seen, [], `${where}: ${reply.status}`);
        }
      }
    },
  );

  await t.test('given who has moved out of another site, then search finds nobody', async (t) => {
    const { homeless, movedOut } = { homeless: '钱未知', movedOut: '孙搬走' };
    const [{ id: personId }] = (await db
      .insertInto('person')
      .values([movedOut, homeless].map((name) => ({ id: newId(), name, namePinyin: '' })))
      .returning('id')
      .execute()) as [{ id: string }];
    const { id: roomId } = await db
      .selectFrom('room')
      .select('id')
      .where('estateId', '=', garden)
      .limit(1)
      .executeTakeFirstOrThrow();
    await db
      .insertInto('occupancy')
      .values({
        id: newId(),
        personId,
        roomId,
        role: 'owner',
        validFrom: '2020-01-01',
        validTo: '2021-01-01',
      })
      .execute();
    const finds = async (name: string, who: string) => {
      const { body } = await api.request(`/search?q=${encodeURIComponent(name)}`, { as: who });
      return (body as { people: unknown[] }).people.length;
    };
    t.equal(await finds(movedOut, 'supervisor'), 1);
    t.equal(await finds(movedOut, as), 0);
    t.equal(await finds(homeless, as), 1, 'who has no home is of no site');
  });

  await t.test('given every write, then it is refused and nothing has changed', async (t) => {
    const before = await picture(db, things);
    for (const { key, method, path, route } of routes) {
      // One's own, and what carriers and switches send, are of no site.
      if (method === 'GET' || !['site', 'company'].includes(route.scope)) continue;
      const body = route.body === undefined ? undefined : sample(route.body, things);
      const where = addressOf(path);
      const reply = await api.request(where, {
        ...{ as, method },
        ...(body === undefined ? {} : { body }),
      });
      const said = `${method} ${where} ${JSON.stringify(body)}: ${reply.status} ${JSON.stringify(reply.body)}`;
      const { code } = (reply.body ?? {}) as { code?: string };
      const isDone = reply.status < 300 || code === 'do_not_call.nothing_new';
      const isOwn = isDone && allowed.includes(key);
      t.ok([403, 404].includes(reply.status) || isOwn, said);
    }
    t.same(await picture(db, things), before, 'what the other site has is as it was');
  });

  await t.test(
    'given nobody and each role, then the table of routes says who may ask',
    async (t) => {
      await db
        .updateTable('staff')
        .set({ role: 'office' })
        .where('username', '=', 'agent5')
        .execute();
      const askers = [undefined, 'agent1', 'agent5', 'supervisor', 'admin'] as const;
      const { rows: people } = await sql<{ username: string; role: StaffRole }>`
      SELECT username, role FROM staff`.execute(db);
      for (const who of askers) {
        const role = people.find(({ username }) => username === who)?.role;
        const token = who === undefined ? undefined : await api.token(who);
        t.equal(role === undefined, who === undefined, `${who ?? 'nobody'} is one of the staff`);
        for (const { key, method, path, route } of routes) {
          if (route.scope === 'public') continue;
          const reply = await fetch(`http://127.0.0.1:${api.port}/api/v1${addressOf(path)}`, {
            method,
            headers: {
              ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
              ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
            },
            // Whoever may ask is told that this is no JSON, and nothing is done.
            ...(method === 'GET' ? {} : { body: '{' }),
          });
          const { code } = (await reply.json().catch(() => ({}))) as { code?: string };
          const { permission } = route;
          const said = `${who ?? 'nobody'}: ${key} ${reply.status} ${code ?? ''}`;
          if (permission === null || role === undefined) {
            t.ok([400, 401, 415].includes(reply.status), said);
            if (permission !== null) t.equal(code, 'session.missing', said);
          } else if (!can(role, permission)) {
            t.equal(`${reply.status} ${code ?? ''}`, '403 permission.missing', said);
          } else {
            t.notOk([401, 403].includes(reply.status) && code === 'permission.missing', said);
            if (method !== 'GET') t.equal(code, 'request.bad_json', said);
          }
        }
      }
    },
  );

  await t.test(
    'given the number of another site’s resident on somebody here, then its do-not-call entry is neither read nor lifted',
    async (t) => {
      const { rows } = await sql<{ personId: string; number: string }>`
        SELECT person_id, number FROM person_phone AS phone WHERE is_primary AND (
          SELECT array_agg(DISTINCT room.estate_id) FROM occupancy
            JOIN room ON room.id = occupancy.room_id
          WHERE occupancy.person_id = phone.person_id) = ${[riverside]}::uuid[]
          AND NOT EXISTS (SELECT FROM person_phone AS other
            WHERE other.number = phone.number AND other.id <> phone.id) LIMIT 1`.execute(db);
      const { personId = '', number: ownNumber = '' } = rows[0] ?? {};
      const list = async () => {
        const { body } = await api.request('/do-not-call?limit=100', { as });
        return (body as { items: { id: string; number: string }[] }).items;
      };
      const lift = (id: string) =>
        api.request(`/do-not-call/${id}/lift`, { as, method: 'POST', body: { reason: '误' } });
      const enter = async (more: object) => {
        const body = { reason: '不要打', ...more };
        const made = await api.request('/do-not-call', { as: 'admin', method: 'POST', body });
        t.equal(made.status, 201, JSON.stringify(made.body));
        return (made.body as { id: string }).id;
      };
      const give = async (of: string, theirs: string) => {
        const phone = { personId: of, number: theirs, isPrimary: false };
        await db
          .insertInto('personPhone')
          .values({ id: newId(), ...phone })
          .execute();
      };
      // Nobody knows whose it is when it is entered; then somebody here is given it.
      const unknown = '13377778888';
      const [ofNobody, ofGarden] = [await enter({ number: unknown }), things.doNotCall];
      const own = await enter({ number: ownNumber });
      await give(personId, unknown);
      await give(personId, number);
      // Given before, and somebody of the other site has it too.
      const shared = '13377779999';
      await give(personId, shared);
      await give(things.person, shared);
      const ofBoth = await enter({ number: shared });
      for (const id of [ofNobody, ofGarden, ofBoth]) {
        t.notOk((await list()).some((one) => one.id === id));
        t.match(await lift(id), { status: 404, body: { code: 'do_not_call.not_found' } });
      }
      t.ok((await list()).some((one) => one.id === own));
      t.equal((await lift(own)).status, 200, 'of their own resident');
      // A person with homes in both sites is theirs to read, and not theirs alone.
      const both = await enter({ personId, scope: 'marketing' });
      const { id: roomId } = await db
        .selectFrom('room')
        .select('id')
        .where('estateId', '=', garden)
        .limit(1)
        .executeTakeFirstOrThrow();
      const home = { personId, roomId, role: 'owner' as const, validFrom: '2020-01-01' };
      const occupancy = newId();
      await db
        .insertInto('occupancy')
        .values({ id: occupancy, ...home })
        .execute();
      t.ok((await list()).some((one) => one.id === both));
      t.match(await lift(both), { status: 403, body: { code: 'permission.all_sites' } });
      await db.deleteFrom('occupancy').where('id', '=', occupancy).execute();
      await db.deleteFrom('personPhone').where('number', 'in', [unknown, shared]).execute();
      await db
        .deleteFrom('personPhone')
        .where('number', '=', number)
        .where('personId', '=', personId)
        .execute();
    },
  );

  await t.test(
    'given a limited administrator, then whoever works everywhere keeps their skills',
    async (t) => {
      const agent = await api.staffId('agent1');
      const skills = () =>
        db
          .selectFrom('staffSkill')
          .selectAll()
          .where('staffId', '=', agent)
          .orderBy('skill')
          .execute();
      const before = await skills();
      const where = `/agents/${agent}/skills`;
      const reply = await api.request(where, { as, method: 'PUT', body: { skills: [] } });
      t.match(reply, { status: 404, body: { code: 'staff.not_found' } });
      t.same(await skills(), before);
    },
  );

  await t.test('given a limited administrator, then nobody’s limits become wider', async (t) => {
    const change = (id: string, body: object) =>
      api.request(`/staff/${id}`, { as, method: 'PATCH', body });
    t.equal((await change(limited.id, { siteIds: [] })).status, 403, 'their own');
    t.equal((await change(limited.id, { siteIds: [riverside, garden] })).status, 403);
    t.equal((await change(await api.staffId('admin'), { displayName: '换名' })).status, 404);
    const account = { displayName: '新人', role: 'agent', password: 'correct horse battery' };
    const make = (username: string, more: object) =>
      api.request('/staff', { as, method: 'POST', body: { ...account, username, ...more } });
    t.match((await make('wide', {})).body, { code: 'staff.wider_sites' });
    t.match((await make('wide', { siteIds: [] })).body, { code: 'staff.wider_sites' });
    t.equal((await make('wide', { siteIds: [garden] })).status, 403);
    t.equal((await make('narrow', { siteIds: [riverside] })).status, 201);
    const { body } = await api.request('/staff', { as });
    t.same(
      (body as { items: { username: string }[] }).items.map((one) => one.username),
      [as, 'narrow'],
    );
  });
});

/** Writes that are of no site: a list, a number that is not to be called, somebody without a home. */
const allowed: readonly RouteKey[] = [
  ...(['POST /campaign-lists', 'POST /do-not-call', 'POST /do-not-call/import'] as const),
  'POST /owners',
];

/** All rows that speak of the other site, in short. */
async function picture(db: Db, things: Things) {
  const tables = ['person', 'person_phone', 'person_address', 'occupancy', 'bill', 'payment'];
  const more = [
    'work_order',
    'work_order_event',
    'article',
    'hotline',
    'alarm',
    'campaign_contact',
  ];
  const rest = [
    'flow',
    'flow_version',
    'staff',
    'staff_site',
    'staff_session',
    'campaign',
    'fax_sending',
    'queue',
    'queue_member',
  ];
  const marks = [...Object.values(things), mark].map((one) => `%${one}%`);
  const found: Record<string, unknown> = {};
  for (const table of [...tables, ...more, ...rest]) {
    const { rows } = await sql<{ row: string }>`
      SELECT one::text AS row FROM ${sql.table(table)} AS one
      WHERE one::text LIKE ANY(${marks}::text[]) ORDER BY 1`.execute(db);
    found[table] = rows.map((one) => one.row);
  }
  return found;
}
