import { sql } from 'kysely';
import { Type } from 'typebox';
import { newId } from '../../core/ids.ts';
import { inSites, personInSites, type ContactRow, type Db, type TrunkRow } from '../../db/index.ts';
import {
  byteOrderMark,
  csvLine,
  progressOf,
  refusalTexts,
  resultsBy,
  resultTexts,
} from '../../outbound/index.ts';
import { readOneNumber } from '../../property/index.ts';
import type { Member } from '../../staff/index.ts';
import { numberFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { CampaignPurpose } from '../contract/campaigns.ts';
import {
  Instant,
  LanguageCode,
  listOf,
  nullable,
  shapeOf,
  Uuid,
  WrittenNumber,
} from '../contract/fields.ts';
import { pageQuery } from '../contract/pages.ts';
import { pageById } from '../lists.ts';
import { messageText, withMessages, type ShortMessage } from './campaign-messages.ts';
import { notFound } from './calls.ts';

const tags = ['campaigns'];
const params = Type.Object({ id: Uuid });

/** What came of campaigns: live counts, people, attempts as evidence, tables for spreadsheets. */
export function campaignReportRoutes(server: Server, parts: ApiParts): void {
  const { db } = parts;
  server.get(
    '/campaigns/:id/progress',
    {
      schema: {
        summary: 'Where it stands now',
        response: { 200: shapeOf('Counts by state and result') },
        tags,
        params,
      },
    },
    async (request) => {
      require(request, 'data.read');
      await mustExist(db, request.params.id);
      return progressOf(db, request.params.id);
    },
  );
  server.get(
    '/campaigns/:id/results',
    {
      schema: {
        summary: 'Results by building, by hour or by estate',
        response: { 200: listOf('A row of results') },
        tags,
        params,
        querystring: Type.Object({ by: Type.Enum(['building', 'hour', 'estate']) }),
      },
    },
    async (request) => {
      require(request, 'data.read');
      await mustExist(db, request.params.id);
      return { items: await resultsBy(db, request.params.id, request.query.by) };
    },
  );
  server.get(
    '/campaigns/:id/contacts',
    {
      schema: {
        summary: 'Its people and homes; `state=unreached` is the list of those to see in person',
        response: { 200: listOf('A contact') },
        tags,
        params,
        querystring: Type.Object({ ...pageQuery, state: Type.Optional(Type.String()) }),
      },
    },
    (request) => {
      const member = require(request, 'data.read');
      const { state } = request.query;
      return pageById(
        request.query,
        async (limit, before) => {
          let rows = contacts(db, request.params.id).orderBy('campaignContact.id', 'desc');
          if (before !== undefined) rows = rows.where('campaignContact.id', '<', before);
          if (state !== undefined) {
            rows = rows.where('campaignContact.state', '=', state as ContactRow['state']);
          }
          return withMessages(db, await rows.limit(limit).execute());
        },
        ({ vars: _vars, triedTrunks: _trunks, ...row }) => ({
          ...row,
          numbers: row.numbers.map(({ number }) => numberFor(member, number)),
        }),
      );
    },
  );
  server.get(
    '/campaigns/:id/attempts',
    {
      schema: {
        summary: 'Every attempt, with what allowed it: the evidence',
        response: { 200: listOf('An attempt') },
        tags,
        params,
        querystring: Type.Object({ ...pageQuery, contactId: Type.Optional(Uuid) }),
      },
    },
    (request) => {
      const member = require(request, 'data.read');
      const { contactId } = request.query;
      return pageById(
        request.query,
        (limit, before) => {
          let rows = db
            .selectFrom('attempt')
            .selectAll()
            .where('campaignId', '=', request.params.id)
            .orderBy('id', 'desc')
            .limit(limit);
          if (before !== undefined) rows = rows.where('id', '<', before);
          if (contactId !== undefined) rows = rows.where('contactId', '=', contactId);
          return rows.execute();
        },
        (row) => ({ ...row, number: numberFor(member, row.number) }),
      );
    },
  );
  exportRoute(server, db);
  listRoutes(server, parts);
}

function contacts(db: Db, campaignId: string) {
  return db
    .selectFrom('campaignContact')
    .leftJoin('room', 'room.id', 'campaignContact.roomId')
    .selectAll('campaignContact')
    .select('room.label as roomLabel')
    .where('campaignId', '=', campaignId);
}

const heads = {
  'zh-CN': [
    '姓名',
    '房号',
    '号码',
    '状态',
    '结果',
    '原因',
    '次数',
    '消息',
    '欠费（元）',
    '确认时间',
    '完成时间',
  ],
  en: [
    'Name',
    'Room',
    'Number',
    'State',
    'Result',
    'Reason',
    'Attempts',
    'Messages',
    'Owed',
    'Confirmed',
    'Done',
  ],
} as const;

const states: Readonly<Record<ContactRow['state'], { 'zh-CN': string; en: string }>> = {
  waiting: { 'zh-CN': '待拨打', en: 'Waiting' },
  dialling: { 'zh-CN': '拨打中', en: 'Dialling' },
  reached: { 'zh-CN': '已送达', en: 'Reached' },
  unreached: { 'zh-CN': '未送达', en: 'Not reached' },
  excluded: { 'zh-CN': '已排除', en: 'Left out' },
  stopped: { 'zh-CN': '已停止', en: 'Stopped' },
};

function exportRoute(server: Server, db: Db): void {
  server.get(
    '/campaigns/:id/export.csv',
    {
      schema: {
        summary: 'All its people as a table for a spreadsheet',
        response: { 200: Type.String() },
        tags,
        params,
        querystring: Type.Object({ language: Type.Optional(LanguageCode) }),
      },
    },
    async (request, reply) => {
      const member = require(request, 'data.read');
      const { language = 'zh-CN' } = request.query;
      await mustExist(db, request.params.id);
      const people = contacts(db, request.params.id).orderBy('campaignContact.id');
      const rows = await withMessages(db, await people.execute());
      const lines = rows.map((row) => csvLine(cellsOf(row, language, member)));
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="campaign.csv"')
        .send([byteOrderMark, csvLine(heads[language]), ...lines].join(''));
    },
  );
}

function cellsOf(
  row: ContactRow & { roomLabel: string | null; messages: readonly ShortMessage[] },
  language: 'zh-CN' | 'en',
  member: Member,
): (string | number | null)[] {
  return [
    row.name,
    row.roomLabel,
    row.numbers.map(({ number }) => numberFor(member, number)).join(' '),
    states[row.state][language],
    textOf(resultTexts, row.result, language),
    textOf(refusalTexts, row.refusal, language),
    row.attempts,
    row.messages.map((one) => messageText(one, language)).join(language === 'en' ? '; ' : '；'),
    row.owedFen === null ? null : (row.owedFen / 100).toFixed(2),
    row.confirmedAt?.toISOString() ?? null,
    row.finishedAt?.toISOString() ?? null,
  ];
}

function textOf(
  texts: Readonly<Record<string, { 'zh-CN': string; en: string }>>,
  code: string | null,
  language: 'zh-CN' | 'en',
): string | null {
  return code === null ? null : (texts[code]?.[language] ?? code);
}

function listRoutes(server: Server, { db, clock }: ApiParts): void {
  server.get(
    '/trunks',
    { schema: { summary: 'Ways out', response: { 200: listOf('A trunk') }, tags } },
    async (request) => {
      const { siteIds } = require(request, 'data.read');
      const trunks = await db.selectFrom('trunk').selectAll().orderBy('priority').execute();
      return { items: trunks.map((one) => trunkFor(one, siteIds)) };
    },
  );
  server.get(
    '/do-not-call',
    {
      schema: {
        summary: 'Numbers and people not to be called, newest first',
        response: { 200: listOf('An entry') },
        tags,
        querystring: Type.Object({ ...pageQuery }),
      },
    },
    (request) => {
      const member = require(request, 'data.read');
      return pageById(
        request.query,
        (limit, before) => {
          const rows = db
            .selectFrom('doNotCall')
            .selectAll()
            .where(doNotCallInSites(member))
            .orderBy('id', 'desc')
            .limit(limit);
          return (before === undefined ? rows : rows.where('id', '<', before)).execute();
        },
        (row) => ({ ...row, number: row.number === null ? null : numberFor(member, row.number) }),
      );
    },
  );
  server.post(
    '/do-not-call',
    {
      schema: {
        summary: 'Somebody is not to be called any more',
        response: { 201: shapeOf('The entry') },
        tags,
        body: Type.Object({
          number: Type.Optional(WrittenNumber),
          personId: Type.Optional(Uuid),
          scope: Type.Optional(Type.Union([Type.Literal('all'), CampaignPurpose])),
          until: Type.Optional(nullable(Instant)),
          reason: Type.String({ minLength: 1, maxLength: 200 }),
        }),
      },
    },
    async (request, reply) => {
      const { username } = require(request, 'campaigns.write');
      const { personId = null, scope = 'all', until = null, reason } = request.body;
      const written = request.body.number;
      const number = written === undefined ? null : readOneNumber(written).number;
      const made = await db
        .insertInto('doNotCall')
        .values({
          ...{ id: newId(), number, personId, scope, until, reason },
          source: 'staff',
          callId: null,
          createdBy: `staff:${username}`,
          createdAt: clock.now(),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return reply.status(201).send(made);
    },
  );
}

/** Numbers and people of these sites, and what one entered oneself. */
function doNotCallInSites({ siteIds, username }: Member) {
  if (siteIds === null) return sql<boolean>`true`;
  return sql<boolean>`(created_by = ${`staff:${username}`}
    OR (person_id IS NOT NULL AND ${personInSites(sql`do_not_call.person_id`, siteIds)})
    OR EXISTS (SELECT FROM person_phone AS phone JOIN occupancy ON occupancy.person_id = phone.person_id
      JOIN room ON room.id = occupancy.room_id
      WHERE phone.number = do_not_call.number AND ${inSites(sql`room.estate_id`, siteIds)}))`;
}

/** Numbers that other estates show are theirs. */
function trunkFor(trunk: TrunkRow, siteIds: readonly string[] | null): TrunkRow {
  if (siteIds === null) return trunk;
  const own = Object.entries(trunk.callerIds).filter(([estateId]) => siteIds.includes(estateId));
  return { ...trunk, callerIds: Object.fromEntries(own) };
}

async function mustExist(db: Db, id: string): Promise<void> {
  const row = await db.selectFrom('campaign').select('id').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('campaign');
}
