import { sql } from 'kysely';
import t from 'tap';
import { newId } from '../../src/core/ids.ts';
import { allRoutes, type RouteKey } from '../../src/contract/routes.ts';
import type { Db, StaffRole } from '../../src/db/index.ts';
import { can } from '../../src/organisation/index.ts';
import { startApi } from '../support/api.ts';
import {
  fill,
  idsFor,
  known,
  mark,
  number,
  sample,
  type Schema,
  type Things,
} from '../support/things.ts';

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

  await t.test('given every table of sites, then the other site has something in it', async (t) => {
    const there = await picture(db, things);
    const tables = await tablesOfSites(db);
    t.ok(tables.length > 9, tables.join(' '));
    // What is not there cannot be seen to leak.
    const empty = tables.filter((one) => there[one]?.length === 0);
    t.same(empty, [], 'test/support/things.ts fills them');
  });

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

  await t.test(
    'given a limited supervisor, then whoever works everywhere keeps their seat and presence',
    async (t) => {
      const agent = await api.staffId('agent1');
      const body = { presence: 'break' };
      const forced = await api.request(`/agents/${agent}/presence`, { as, method: 'PUT', body });
      t.match(forced, { status: 404, body: { code: 'staff.not_found' } });
      const out = await api.request(`/agents/${agent}/session`, { as, method: 'DELETE' });
      t.match(out, { status: 404, body: { code: 'staff.not_found' } });
      // Of their own site: that they have no seat is told.
      const own = await api.request(`/agents/${limited.id}/session`, { as, method: 'DELETE' });
      t.not((own.body as { code?: string }).code, 'staff.not_found');
    },
  );

  await t.test(
    'given a call that nobody knows the estate of, then it is read by those who see all and who talked in it',
    async (t) => {
      const [id, dialled] = [newId(), '13912340000'];
      const call = {
        ...{ direction: 'inbound' as const, did: dialled, callerNumber: '13912345678' },
        ...{ startedAt: new Date(), state: 'ended' as const, switchNode: 'a' },
      };
      await db
        .insertInto('call')
        .values({ id, ...call })
        .execute();
      const listed = async (who: string, more = '') => {
        const { body } = await api.request(`/calls?limit=100${more}`, { as: who });
        const { items } = body as { items: { id: string; did: string }[] };
        return items.find((one) => one.id === id);
      };
      t.equal(await listed(as), undefined);
      t.equal((await api.request(`/calls/${id}`, { as })).status, 404);
      t.equal((await listed('admin'))?.did, dialled);

      t.equal((await listed('agent1'))?.did, '139****0000', 'what was dialled is a number, too');
      const shown = await api.request(`/calls/${id}`, { as: 'agent1' });
      t.match(shown.body, { did: '139****0000', callerNumber: '139****5678' });
      const talk = { id: newId(), callId: id, staffId: limited.id, legId: newId(), queueId: null };
      const ended = { talkUntil: null, wrapUpEndsAt: null, endedAt: null, reasonCode: null };
      await db
        .insertInto('engagement')
        .values({ ...talk, ...ended, talkSince: new Date(), nextContactAt: null })
        .execute();
      t.ok(await listed(as, '&mine=true'), 'their own');
      t.equal((await api.request(`/calls/${id}`, { as })).status, 200);
      await db.deleteFrom('engagement').where('callId', '=', id).execute();
      await db.deleteFrom('callEvent').where('callId', '=', id).execute();
      await db.deleteFrom('call').where('id', '=', id).execute();
    },
  );

  await t.test(
    'given a list with the number of another site’s resident, then nobody is told who that is',
    async (t) => {
      const list = { name: '名单', text: `电话,姓名\n${number},某人` };
      const saved = await api.request('/campaign-lists', { as, method: 'POST', body: list });
      t.equal(saved.status, 201, JSON.stringify(saved.body));
      const { id: listId } = saved.body as { id: string };
      const settings = {
        audience: { listId },
        script: {
          ...{ flowId: 'campaign-notice', isHumanVoice: false },
          texts: { message: { 'zh-CN': '明天停水。', en: 'No water.' } },
        },
      };
      const made = await api.request('/campaigns', {
        ...{ as, method: 'POST', body: { name: '通知', kind: 'notice', settings } },
      });
      t.equal(made.status, 201, JSON.stringify(made.body));
      const { id } = made.body as { id: string };
      const people = async (who: string) => {
        const { body } = await api.request(`/campaigns/${id}/audience`, { as: who });
        return (body as { items: { personId: string | null }[] }).items;
      };
      t.same(
        (await people(as)).map(({ personId }) => personId),
        [null],
      );
      t.same(
        (await people('admin')).map(({ personId }) => personId),
        [things.person],
      );
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

/** Writes that are of no site: a list, a campaign for one's own sites, a number not to be called, somebody without a home. */
const allowed: readonly RouteKey[] = [
  ...(['POST /campaign-lists', 'POST /do-not-call', 'POST /do-not-call/import'] as const),
  ...(['POST /owners', 'POST /campaigns'] as const),
];

/** What signing in, a refusal, and the writes of `allowed` leave behind; of these, rows of their own. */
const ofRequests = [
  ...['audit_entry', 'idempotency_key', 'login_guard', 'message', 'outbox'],
  ...['campaign_event', 'campaign_list', 'campaign_list_entry', 'do_not_call'],
];

/** All rows that speak of the other site, by table. */
async function picture(db: Db, things: Things) {
  const { rows: tables } = await sql<{ name: string }>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'
      AND NOT tablename = ANY(${ofRequests}::text[]) ORDER BY 1`.execute(db);
  const marks = [...Object.values(things), mark].map((one) => `%${one}%`);
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      SELECT one::text AS row FROM ${sql.table(name)} AS one
      WHERE one::text LIKE ANY(${marks}::text[]) ORDER BY 1`.execute(db);
    found[name] = rows.map((one) => one.row);
  }
  return found;
}

/** Tables whose rows name an estate. */
async function tablesOfSites(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT DISTINCT columns.table_name AS name FROM information_schema.columns
      JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
      AND column_name IN ('estate_id', 'site_ids') ORDER BY 1`.execute(db);
  return rows.map(({ name }) => name);
}
