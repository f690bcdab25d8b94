import { byteOrderMark, csvLine } from '../../contract/text-files.ts';
import { type ContactRow, type Db, inScope, type Scope, type TrunkRow } from '../../db/index.ts';
import { progressOf, refusalTexts, resultsBy, resultTexts } from '../../outbound/index.ts';
import type { Member } from '../../organisation/index.ts';
import { memberOf, numberFor, scopeOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { plain } from '../plain.ts';
import { route } from '../route.ts';
import { pageById } from '../lists.ts';
import { messageText, withMessages, type ShortMessage } from './campaign-messages.ts';
import { notFound } from './calls.ts';

/** What came of campaigns: live counts, people, attempts as evidence, tables for spreadsheets. */
export function campaignReportRoutes(server: Server, parts: ApiParts): void {
  const { db } = parts;
  route(server, 'GET /campaigns/:id/progress', async (request) => {
    await mustExist(db, scopeOf(request), request.params.id);
    return progressOf(db, request.params.id);
  });
  route(server, 'GET /campaigns/:id/results', async (request) => {
    await mustExist(db, scopeOf(request), request.params.id);
    return { items: await resultsBy(db, request.params.id, request.query.by) };
  });
  route(server, 'GET /campaigns/:id/contacts', (request) => {
    const member = memberOf(request);
    const { state } = request.query;
    return pageById(
      request.query,
      async (limit, before) => {
        let rows = contacts(db, scopeOf(request), request.params.id).orderBy(
          'campaignContact.id',
          'desc',
        );
        if (before !== undefined) rows = rows.where('campaignContact.id', '<', before);
        if (state !== undefined) {
          rows = rows.where('campaignContact.state', '=', state as ContactRow['state']);
        }
        return withMessages(db, scopeOf(request), await rows.limit(limit).execute());
      },
      (row) => ({
        ...plain(contactView(row)),
        numbers: row.numbers.map(({ number }) => numberFor(member, number)),
      }),
    );
  });
  route(server, 'GET /campaigns/:id/attempts', (request) => {
    const member = memberOf(request);
    const { contactId } = request.query;
    return pageById(
      request.query,
      (limit, before) => {
        let rows = inScope(db, scopeOf(request), 'attempt')
          .selectAll()
          .where('campaignId', '=', request.params.id)
          .orderBy('id', 'desc')
          .limit(limit);
        if (before !== undefined) rows = rows.where('id', '<', before);
        if (contactId !== undefined) rows = rows.where('contactId', '=', contactId);
        return rows.execute();
      },
      (row) => ({ ...plain(row), number: numberFor(member, row.number) }),
    );
  });
  exportRoute(server, db);
  trunkRoutes(server, parts);
}

/** What the contract shows of somebody on the list. */
function contactView(row: ContactRow & { roomLabel: string | null; messages: ShortMessage[] }) {
  const { id, name, personId, roomId, roomLabel, state, result, refusal, attempts, nextAt } = row;
  const { owedFen, fallback, messages, confirmedAt, finishedAt } = row;
  return {
    ...{ id, name, personId, roomId, roomLabel, state, result, refusal, attempts, nextAt },
    ...{ owedFen, fallback, messages, confirmedAt, finishedAt },
  };
}

function contacts(db: Db, scope: Scope, campaignId: string) {
  return inScope(db, scope, 'campaignContact')
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
  route(server, 'GET /campaigns/:id/export.csv', async (request, reply) => {
    const member = memberOf(request);
    const { language = 'zh-CN' } = request.query;
    await mustExist(db, scopeOf(request), request.params.id);
    const people = contacts(db, scopeOf(request), request.params.id).orderBy('campaignContact.id');
    const rows = await withMessages(db, scopeOf(request), await people.execute());
    const lines = rows.map((row) => csvLine(cellsOf(row, language, member)));
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="campaign.csv"')
      .send([byteOrderMark, csvLine(heads[language]), ...lines].join(''));
  });
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

function trunkRoutes(server: Server, { db }: ApiParts): void {
  route(server, 'GET /trunks', async (request) => {
    const { siteIds } = memberOf(request);
    const trunks = await db.selectFrom('trunk').selectAll().orderBy('priority').execute();
    return { items: trunks.map((one) => plain(trunkFor(one, siteIds))) };
  });
}

/** Numbers that other estates show are theirs. */
function trunkFor(trunk: TrunkRow, siteIds: readonly string[] | null): TrunkRow {
  if (siteIds === null) return trunk;
  const own = Object.entries(trunk.callerIds).filter(([estateId]) => siteIds.includes(estateId));
  return { ...trunk, callerIds: Object.fromEntries(own) };
}

async function mustExist(db: Db, scope: Scope, id: string): Promise<void> {
  const row = await inScope(db, scope, 'campaign')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw notFound('campaign');
}
