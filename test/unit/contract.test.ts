import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastify from 'fastify';
import t from 'tap';
import { describeApi } from '../../src/api/description.ts';
import type { Server } from '../../src/api/api.types.ts';
import { commands } from '../../src/api/commands.ts';
import { holdToTable, optionsOf, route } from '../../src/api/route.ts';
import type { Route } from '../../src/contract/route.ts';
import type { RouteParts } from '../../src/api/api.types.ts';
import type { CampaignRouteParts } from '../../src/api/routes/campaigns/campaigns.ts';
import type { Writing } from '../../src/api/write.ts';
import { Scope } from '../../src/db/index.ts';
import { findCampaign } from '../../src/outbound/campaigns/read-campaign.ts';
import { ordersPage } from '../../src/reporting/index.ts';
import { allRoutes } from '../../src/contract/routes.ts';

const root = path.join(import.meta.dirname, '../..');

/** Whatever JSON can hold, since the shape is somebody else's: named one by one. */
const open = new Set([
  // Facts of an event, as its kind has them; a flow as `content/flows` checks it; payloads of background jobs.
  ...['data', 'definition', 'payload', 'details'],
  // What a person's row of a list held, and what allowed or stopped a call.
  ...['vars', 'answerer', 'evidence'],
]);
/** Of bodies that are told as maps: the keys are codes or languages. */
const isMap = (schema: Schema) => 'patternProperties' in schema;

type Schema = Readonly<Record<string, unknown>>;

function openObjects(schema: unknown, where: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => openObjects(one, where));
  if (typeof schema !== 'object' || schema === null) return [];
  const node = schema as Schema;
  const name = where.slice(where.lastIndexOf('.') + 1);
  if (open.has(name)) return [];
  const says = ['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf'].some((key) => key in node);
  const faults =
    !says || (node['type'] === 'object' && node['additionalProperties'] !== false && !isMap(node))
      ? [where]
      : [];
  const { properties = {}, patternProperties = {}, items, anyOf, oneOf, allOf } = node;
  return [
    ...faults,
    ...Object.entries({ ...(properties as object), ...(patternProperties as object) }).flatMap(
      ([key, inner]) => openObjects(inner, `${where}.${key}`),
    ),
    ...openObjects(items, where),
    ...[anyOf, oneOf, allOf].flatMap((one) => openObjects(one, where)),
  ];
}

void t.test(
  'every shape of the API is closed: what is not named is neither taken nor sent',
  (t) => {
    for (const { key, route: one } of allRoutes()) {
      if (one.isHidden === true) continue;
      const { params, query, body, responses } = one;
      const parts = Object.entries({ params, query, body, ...responses });
      const found = parts.flatMap(([part, schema]) => openObjects(schema, `${key} ${part}`));
      t.same(found, [], key);
    }
    t.same(openObjects({ type: 'object', properties: {} }, 'x'), ['x']);
    t.same(openObjects({ type: 'array', items: {} }, 'x'), ['x']);
    t.end();
  },
);

/** Narrowed by their handlers: one's own, or what the query for it finds. */
const narrowedBelow = ['GET /fax-sendings/:id', 'DELETE /sessions/:id'];

void t.test('every route says what its address names, and who may ask', (t) => {
  for (const { key, path: url, route: one } of allRoutes()) {
    const names = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
    const shaped = Object.keys(
      (one.params as { properties?: object } | undefined)?.properties ?? {},
    );
    t.same(shaped.sort(), names.sort(), `${key} has shapes for what stands in its address`);
    const isOpen = one.scope === 'public' || one.scope === 'signed';
    t.equal(
      one.permission === null,
      isOpen,
      `${key} asks for a log-in unless it is public or signed`,
    );
    const [first] = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
    if (one.scope !== 'site' || first === undefined || narrowedBelow.includes(key)) continue;
    t.ok(one.names?.[first], `${key} says what :${first} names`);
  }
  t.end();
});

void t.test('docs/openapi.json is what the table of routes says', async (t) => {
  const kept: unknown = JSON.parse(readFileSync(path.join(root, 'docs/openapi.json'), 'utf8'));
  const described: unknown = JSON.parse(JSON.stringify(await describeApi()));
  t.strictSame(described, kept, 'npm run openapi writes it');
});

void t.test(
  'a route that is not in the table, or is in it and not served, stops the start',
  async (t) => {
    const stray = fastify() as unknown as Server;
    holdToTable(stray);
    t.throws(() => stray.get('/stray', () => 'x'), /GET \/stray is not in contract\/routes.ts/);
    const twice = fastify() as unknown as Server;
    holdToTable(twice);
    route(twice, 'GET /skills', () => Promise.resolve({ items: [], nextCursor: null }));
    t.throws(
      () => route(twice, 'GET /skills', () => Promise.resolve({ items: [], nextCursor: null })),
      /GET \/skills is registered twice/,
    );
    const short = fastify() as unknown as Server;
    t.throws(() => holdToTable(short).complete(), /is not registered/);
    const whole = fastify() as unknown as Server;
    const table = holdToTable(whole);
    const required = allRoutes().filter(
      ({ route: one }: { route: Route }) => one.module === undefined,
    );
    for (const { key } of required) {
      const { method, url, ...options } = optionsOf(key);
      const handler = () => undefined;
      whole.route({ method, url, handler, config: options.config } as never);
    }
    t.throws(
      () => table.complete(),
      /is not registered/,
      'a forgotten handler of a part that runs is no part that is switched off',
    );
    // As the guard of sites does for members of one site.
    whole.addHook('preHandler', (_request, _reply, done) => done(new Error('looked at first')));
    table.complete(['campaigns']);
    for (const method of ['GET', 'POST'] as const) {
      const off = await whole.inject({ method, url: '/campaigns' });
      t.match(off.json(), { code: 'module.off' }, `${method}: what is switched off says so, first`);
    }
    await whole.close();
  },
);

void t.test('the browser asks by the table of routes alone', (t) => {
  const web = path.join(root, 'web/src');
  const files = readdirSync(web, { recursive: true })
    .map(String)
    .filter((name) => /\.tsx?$/.test(name) && name !== path.join('api', 'client.ts'));
  for (const file of files) {
    const text = readFileSync(path.join(web, file), 'utf8');
    t.notMatch(text, /\/api\/v1\/(?!events)/, `${file} names no address by hand`);
    t.notMatch(text, /\bfetch\((?!addressOf\()/, `${file} fetches through api/client.ts`);
    t.notMatch(text, /\bapi\.\w+\([^)]*\) as /, `${file} takes answers as the contract has them`);
  }
  t.end();
});

void t.test('a table that holds data of sites cannot be read without a scope', (t) => {
  /* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call --
     what is refused has no type */
  /* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-class-instance-assignment --
     as above */
  // What counts is `npm run types`: each line below has to be refused, or its comment is.
  const db = {} as RouteParts['db'];
  const trx = {} as Writing<'POST /work-orders'>['trx'];
  const scope = Scope.everything('a test');
  const page = [{ asked: { q: '', seesNumbers: false } }, 10, undefined] as const;
  // @ts-expect-error: the database of the API reads nothing by itself
  const orders = () => db.selectFrom('workOrder').selectAll();
  // @ts-expect-error: nor is it one that a wing could read by, but for one that asks for a scope
  const some = () => findCampaign(db, '');
  // @ts-expect-error: which cannot be left out
  const more = () => ordersPage(db, ...page);
  // @ts-expect-error: of site data, the program's own look-up is none of the API's
  const own = ({ campaigns }: CampaignRouteParts['outbound']) => campaigns.find('');
  // @ts-expect-error: a scope is made of a member, never by hand
  const byHand: Scope = { sites: null, staffId: '', sees: () => true };
  // @ts-expect-error: a transaction that writes reads them by inScope(trx, scope, 'call'), too
  const calls = () => trx.selectFrom('call as one').selectAll();
  // @ts-expect-error: nor among others
  const several = () => trx.selectFrom(['queue', 'call as one']).selectAll();
  const right = () => ordersPage(scope, db, ...page);
  const free = () => trx.selectFrom(['queue', 'skill']).selectAll();
  t.equal([orders, some, more, own, calls, several, right, free].length, 8);
  t.ok(byHand);
  t.end();
});

/** What acts elsewhere than in rows, and what asks before it acts: all else that writes is one transaction. */
void t.test('every write goes through write(), or says why not', (t) => {
  const api = path.join(root, 'src/api');
  const texts = readdirSync(api, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(path.join(api, name), 'utf8'));
  const isIn = (name: string) => Object.hasOwn(commands, name);
  const writes = allRoutes().filter(({ method }) => method !== 'GET');
  const asCommands = writes.filter(({ key }) => isIn(key));
  t.equal(
    asCommands.length,
    Object.keys(commands).length,
    'each command is in the table of routes',
  );
  t.ok(Object.values(commands).every((reason) => reason.length > 40));
  t.ok(writes.length - asCommands.length >= 60, `${writes.length - asCommands.length} are writes`);
  for (const { key, route: one } of writes) {
    const successes = Object.keys(one.responses).filter((status) => status.startsWith('2'));
    t.equal(successes.length, 1, `${key} has one answer when it is done`);
  }
  // Routes are registered by read, write and command; only these may go around the types.
  const around = texts.filter((text) => /\bregister\(server, key/.test(text)).length;
  t.equal(around, 3, 'route.ts, write.ts and commands.ts');
  t.end();
});
