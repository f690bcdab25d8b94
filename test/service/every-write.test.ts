/** Every write of the table of routes: done once for a key, audited with its target, told by its event, and 404 where nothing is. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import t from 'tap';
import { commands } from '../../src/api/commands.ts';
import { allRoutes, type RouteKey } from '../../src/contract/routes.ts';
import type { AuditView } from '../../src/contract/staff.ts';
import type { Db } from '../../src/db/index.ts';
import { publishFlows } from '../../src/content/index.ts';
import { campaignFlows, shippedFlows } from '../../src/ivr/index.ts';
import { apiPassword, startApi, type TestApi } from '../support/api.ts';
import { fill, idsFor, sample, type Things } from '../support/things.ts';

interface Wanted {
  body?: object;
  /** Parameters of the address other than the thing that is there. */
  params?: Record<string, string>;
  before?: (db: Db) => Promise<unknown>;
  /** By whom, unless by the administrator. */
  as?: string;
  /** It is refused here, with this code: what it needs is not there, such as a telephone. */
  refused?: string;
  /** Whether the audit has nothing of it, and why. */
  unaudited?: string;
  /** Why it tells nobody: what an event would be for. */
  untold?: string;
}

const ofCampaign = (things: Things, state: string) => ({
  before: (db: Db) =>
    sql`UPDATE campaign SET state = ${state}, created_by = 'staff:x', edited_by = NULL, editors = '{}',
      submitted_by = 'staff:x', heard_at = now() WHERE id = ${things.campaign}`.execute(db),
});

/** Why some tell nobody. */
const ofOneself = 'one’s own account: what others see of it stays as it was';
const ofTheList = 'read by each call and message at its last moment, and kept by nobody';

/** What each write is asked, where a sample of its shape would be refused. In the order in which they are asked. */
function wantedFor(things: Things, facts: { queue: object; skill: string; agent: string }) {
  const flow = { ...shippedFlows[0], name: '换个名字' };
  const script = {
    ...{ flowId: 'campaign-notice', isHumanVoice: false },
    texts: { message: { 'zh-CN': '明天九点停水。', en: 'No water tomorrow.' } },
  };
  const audience = { settings: { audience: { estateIds: [things.estate] }, script } };
  const wanted: Partial<Record<RouteKey, Wanted>> = {
    'POST /owners/:id/phones': { body: { number: '13987650002' } },
    'POST /owners/:id/addresses': { body: { channel: 'email', address: 'new@example.com' } },
    'PATCH /owners/:id/addresses/:addressId': { body: { address: 'other@example.com' } },
    'PATCH /owners/:id/homes/:occupancyId': { body: { validTo: '2026-01-31' } },
    'PUT /owners/:id/choices/:topic': {
      body: { isWanted: false, channels: ['sms'], hours: null },
    },
    'POST /bills/:id/payments': { body: { amountFen: 7, method: 'cash' } },
    'POST /work-orders/:number/transitions': { body: { to: 'accepted' } },
    'PATCH /work-orders/:number': { body: { summary: '厨房水管漏水' } },
    'POST /articles': {
      body: {
        ...{ estateId: null, topic: 'rules' },
        ...{ title: { 'zh-CN': '标题', en: '' }, body: { 'zh-CN': '正文', en: '' } },
      },
      untold: 'nobody hears a draft',
    },
    'PATCH /articles/:id': {
      body: { expectedVersion: 1, title: { 'zh-CN': '另一个标题', en: '' } },
    },
    'POST /articles/:id/withdraw': { body: {} },
    'POST /articles/:id/publish': {
      body: {},
      before: (db) =>
        sql`UPDATE article SET state = 'draft' WHERE id = ${things.article}`.execute(db),
    },
    'POST /articles/:id/fax': { refused: 'fax.not_possible' },
    'POST /fax-sendings': { refused: 'fax.not_possible' },
    'POST /flows/:id/versions': {
      ...{ params: { id: flow.id ?? '' }, body: { definition: flow } },
      untold: 'no call runs a version before it is published',
    },
    'POST /flows/:id/publish': { params: { id: flow.id ?? '' }, body: { version: 2 } },
    'POST /queues': { body: { code: 'another', ...facts.queue } },
    'PATCH /queues/:id': { body: { name: { 'zh-CN': '花园', en: 'Garden' } } },
    'PUT /queues/:id/members': { body: { staffIds: [facts.agent] } },
    'PATCH /hotlines/:did': { body: { language: 'en' } },
    'POST /skills': { body: { code: 'diving', name: { 'zh-CN': '潜水', en: 'Diving' } } },
    'POST /break-reasons': { body: { code: 'tea', name: { 'zh-CN': '喝茶', en: 'Tea' } } },
    'POST /wrap-up-reasons': { body: { code: 'joke', name: { 'zh-CN': '玩笑', en: 'Joke' } } },
    ...Object.fromEntries(
      (['skills', 'break-reasons', 'wrap-up-reasons'] as const).map((list, at) => [
        `PATCH /${list}/:code`,
        { params: { code: ['diving', 'tea', 'joke'][at] ?? '' }, body: { isActive: false } },
      ]),
    ),
    'PUT /agents/:staffId/skills': {
      params: { staffId: facts.agent },
      body: { skills: [{ skill: facts.skill, level: 3 }] },
    },
    'POST /staff': {
      body: {
        ...{ username: 'newcomer', displayName: '新人', role: 'agent' },
        password: 'correct horse battery',
      },
    },
    'PATCH /staff/:id': { body: { displayName: '换名' } },
    'PUT /me/password': {
      ...{ as: 'agent4', body: { current: apiPassword, next: 'another-good-phrase' } },
      untold: ofOneself,
    },
    'POST /me/second-factor': {
      ...{ as: 'agent3', body: { password: apiPassword }, untold: ofOneself },
    },
    'PUT /me/second-factor': {
      as: 'agent3',
      body: { code: '000000' },
      refused: 'session.wrong_code',
    },
    'DELETE /me/second-factor': {
      ...{ as: 'agent3', body: { password: apiPassword }, untold: ofOneself },
    },
    'POST /agents/me/phone': {
      unaudited: 'each softphone asks for a password as it starts',
      untold: 'a password for one telephone',
    },
    'POST /do-not-call': { body: { number: '13987650003', reason: '业主要求' }, untold: ofTheList },
    'POST /do-not-call/:id/lift': { untold: ofTheList },
    'POST /do-not-call/import': {
      ...{ body: { text: '电话\n13987650004', reason: '业主要求' }, untold: ofTheList },
    },
    'POST /campaigns': { body: { name: '通知', kind: 'notice', ...audience } },
    'PUT /campaigns/:id': {
      ...ofCampaign(things, 'draft'),
      body: { name: '通知二', kind: 'notice', ...audience },
    },
    'POST /campaigns/:id/copy': { body: {} },
    'POST /campaigns/:id/submit': ofCampaign(things, 'draft'),
    'POST /campaigns/:id/send-back': ofCampaign(things, 'submitted'),
    'POST /campaigns/:id/approve': { ...ofCampaign(things, 'submitted'), body: {} },
    'POST /campaigns/:id/start': { ...ofCampaign(things, 'approved'), body: {} },
    'POST /campaigns/:id/pause': ofCampaign(things, 'running'),
    'POST /campaigns/:id/resume': ofCampaign(things, 'paused'),
    'POST /campaigns/:id/stop': ofCampaign(things, 'running'),
    'POST /campaigns/:id/cancel': ofCampaign(things, 'approved'),
    'POST /campaign-lists': {
      body: { name: '名单', text: '电话\n13987650005' },
      untold: 'a list is read by the campaign that is made with it, and never changes',
    },
    'DELETE /sessions/:id': { untold: 'whoever is logged out loses their socket at once' },
    'POST /campaigns/:id/next-contact': {
      ...{ refused: 'campaign.not_your_queue', unaudited: 'shown to an agent for five minutes' },
    },
    'POST /campaigns/:id/contacts/:contactId/pass-over': {
      ...{ refused: 'campaign.not_reserved', unaudited: 'an agent lets somebody wait an hour' },
    },
    'POST /campaigns/:id/contacts/:contactId/write-again': {
      refused: 'campaign.not_written_again',
    },
    'PUT /campaign-calls/:id/outcome': { refused: 'campaign.not_your_call' },
  };
  return wanted;
}

/** Those that take away what others need come last. */
const last: readonly RouteKey[] = [
  'DELETE /owners/:id/phones/:phoneId',
  'DELETE /owners/:id/addresses/:addressId',
  'DELETE /owners/:id/choices/:topic',
  'DELETE /queues/:id',
  'DELETE /sessions/:id',
  'DELETE /me/second-factor',
];
/** Others act on what they have made, or on what was chosen and drafted. */
const first: readonly RouteKey[] = [
  'POST /skills',
  'POST /break-reasons',
  'POST /wrap-up-reasons',
  'PUT /owners/:id/choices/:topic',
  'PUT /campaigns/:id',
];
/** Commands come at the end: what they do is written behind, whenever that is. */
function rank(key: RouteKey): number {
  if (Object.hasOwn(commands, key)) return 3;
  if (last.includes(key)) return 2;
  return first.includes(key) ? 0 : 1;
}

/** Nothing of these parameters need be there: what is not is made. */
const made: readonly string[] = ['PUT /owners/:id/choices/:topic topic'];

void t.test('every write', async (t) => {
  const api = await startApi();
  t.teardown(() => api.close());
  const { db } = api.database;
  const { id: estate } = await db
    .selectFrom('estate')
    .select('id')
    .where('code', '=', 'JX')
    .executeTakeFirstOrThrow();
  await publishFlows(db, [...shippedFlows, ...campaignFlows]);
  const things = await fill(db, estate);
  const { settings } = await db
    .selectFrom('queue')
    .select('settings')
    .where('code', '=', 'general')
    .executeTakeFirstOrThrow();
  const { code: skill } = await db.selectFrom('skill').select('code').executeTakeFirstOrThrow();
  const facts = { queue: settings, skill, agent: await api.staffId('agent1') };
  const wanted = wantedFor(things, facts);
  const writes = allRoutes()
    .filter(({ method, route }) => method !== 'GET' && route.scope !== 'signed')
    .sort((a, b) => rank(a.key) - rank(b.key));
  const request = (key: RouteKey, params: Record<string, string>, idempotencyKey?: string) => {
    const one = writes.find((write) => write.key === key);
    if (one === undefined) throw new Error(`${key} is no write`);
    const { as = 'admin', body = one.route.body && sample(one.route.body, things) } =
      wanted[key] ?? {};
    const where = one.path.replaceAll(
      /:(\w+)/g,
      (_all, name: string) => params[name] ?? idsFor(one.path, name, things),
    );
    return api.request(where, {
      ...{ as, method: one.method },
      ...(body === undefined ? {} : { body }),
      ...(idempotencyKey === undefined ? {} : { key: idempotencyKey }),
    });
  };

  await t.test('given what is not there, then 404', async (t) => {
    for (const { key, path } of writes) {
      if (key.startsWith('POST /session') || key.startsWith('DELETE /session ')) continue;
      for (const [, name = ''] of path.matchAll(/:(\w+)/g)) {
        if (made.includes(`${key} ${name}`)) continue;
        const { status, body } = await request(key, { ...wanted[key]?.params, [name]: none(name) });
        t.equal(status, 404, `${key} without its ${name}: ${JSON.stringify(body)}`);
      }
    }
  });

  await t.test(
    'given the same key twice, then one effect, one answer, one target, its event',
    async (t) => {
      let done = 0;
      for (const { key, route } of writes) {
        if (route.scope === 'public') continue;
        const { params = {}, before, refused, unaudited, untold } = wanted[key] ?? {};
        await before?.(db);
        const idempotencyKey = randomUUID();
        const since = await newestAudit(db);
        const told = await newestEvent(db);
        const first = await request(key, params, idempotencyKey);
        const between = await picture(db);
        const again = await request(key, params, idempotencyKey);
        const said = `${key}: ${first.status} ${JSON.stringify(first.body)}`;
        const isDone = first.status < 300;
        if (route.isToldOnce === true && isDone) {
          t.match(again.body, { code: 'idempotency.told_once' }, said);
        } else {
          t.equal(again.status, first.status, said);
          t.same(again.body, first.body, `${key} has the same answer`);
          const isJudgedAfresh = [401, 403].includes(first.status) || first.status >= 500;
          t.equal(again.headers.get('idempotency-replayed'), isJudgedAfresh ? null : 'true', said);
        }
        if (refused !== 'session.wrong_code' && !Object.hasOwn(commands, key)) {
          t.same(await picture(db), between, `${key} has done nothing more`);
        }
        if (Object.hasOwn(commands, key)) continue;
        if (refused !== undefined) {
          t.match(first.body, { code: refused }, said);
          continue;
        }
        t.ok(isDone, said);
        done += 1;
        const events = await eventsSince(db, told);
        if (untold === undefined) t.ok(events.length > 0, `${key} has an event`);
        else t.same(events, [], `${key}: ${untold}`);
        if (unaudited !== undefined) continue;
        const entries = await auditedSince(api, since);
        t.ok(entries.length > 0, `${key} is in the audit`);
        const isGone = key === 'DELETE /queues/:id';
        t.ok(isGone || entries.every(({ target }) => target !== null), `${key} has a target`);
      }
      t.ok(done > 50, `${done} were done`);
    },
  );
});

function none(name: string): string {
  const others: Record<string, string> = {
    ...{ number: '990101-9999', did: '49999999', code: 'no_such_code', topic: 'never_chosen' },
  };
  return others[name] ?? randomUUID();
}

/** How many rows each table has and who wrote the latest, but for what every request leaves behind. */
async function picture(db: Db): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'
      AND tablename NOT IN ('idempotency_key', 'message', 'login_guard') ORDER BY 1`.execute(db);
  const each = tables.map(
    ({ name }) =>
      sql`SELECT ${name}::text AS name, count(*) || ' ' || coalesce(max(one.xmin::text::bigint), 0) AS sum
        FROM ${sql.table(name)} AS one`,
  );
  const { rows } = await sql<{ name: string; sum: string }>`
    ${sql.join(each, sql` UNION ALL `)}`.execute(db);
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}

async function newestAudit(db: Db): Promise<string> {
  const row = await db
    .selectFrom('auditEntry')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? '';
}

async function auditedSince(api: TestApi, since: string) {
  const { body } = await api.request('/audit?limit=20', { as: 'admin' });
  return (body as { items: AuditView[] }).items.filter(({ id }) => id > since);
}

async function newestEvent(db: Db): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    SELECT coalesce(max(id), 0)::int AS id FROM outbox`.execute(db);
  return rows[0]?.id ?? 0;
}

async function eventsSince(db: Db, since: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM outbox WHERE id > ${since} ORDER BY id`.execute(db);
  return rows.map(({ name }) => name);
}
