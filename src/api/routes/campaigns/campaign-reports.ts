import { byteOrderMark, csvLine } from '../../../contract/text-files.ts';
import type { ContactRow } from '../../../db/index.ts';
import { progressOf, refusalTexts, resultsBy, resultTexts } from '../../../outbound/index.ts';
import {
  allContacts,
  attemptsPage,
  contactsPage,
  isCampaignIn,
  trunksFor,
  type ContactFigures,
} from '../../../reporting/index.ts';
import type { Member } from '../../../organisation/index.ts';
import { memberOf, numberFor, scopeOf } from '../../access.ts';
import type { RouteParts, FastifyRequest, Server } from '../../api.types.ts';
import { plain } from '../../plain.ts';
import { route } from '../../route.ts';
import { pageById } from '../../lists.ts';
import { messageText } from './campaign-messages.ts';
import { notFound } from '../agents/calls.ts';

/** What came of campaigns: live counts, people, attempts as evidence, tables for spreadsheets. */
export function campaignReportRoutes(server: Server, parts: RouteParts): void {
  const { db } = parts;
  route(server, 'GET /campaigns/:id/progress', async (request) => {
    await mustExist(parts, request, request.params.id);
    return progressOf(scopeOf(request), db, request.params.id);
  });
  route(server, 'GET /campaigns/:id/results', async (request) => {
    await mustExist(parts, request, request.params.id);
    return { items: await resultsBy(scopeOf(request), db, request.params.id, request.query.by) };
  });
  route(server, 'GET /campaigns/:id/contacts', (request) => {
    const member = memberOf(request);
    const scope = scopeOf(request);
    const wanted = { campaignId: request.params.id, state: request.query.state };
    return pageById(
      request.query,
      (limit, before) => contactsPage(scope, db, wanted, limit, before),
      (row) => ({
        ...plain(contactView(row)),
        numbers: row.numbers.map(({ number }) => numberFor(member, number)),
      }),
    );
  });
  route(server, 'GET /campaigns/:id/attempts', (request) => {
    const member = memberOf(request);
    const scope = scopeOf(request);
    const wanted = { campaignId: request.params.id, contactId: request.query.contactId };
    return pageById(
      request.query,
      (limit, before) => attemptsPage(scope, db, wanted, limit, before),
      (row) => ({ ...plain(row), number: numberFor(member, row.number) }),
    );
  });
  exportRoute(server, parts);
  route(server, 'GET /trunks', async (request) => {
    return { items: plain(await trunksFor(scopeOf(request), db)) };
  });
}

/** What the contract shows of somebody on the list. */
function contactView(row: ContactFigures) {
  const {
    id,
    name,
    personId,
    roomId,
    estateId,
    roomLabel,
    state,
    result,
    refusal,
    attempts,
    nextAt,
  } = row;
  const { owedFen, fallback, messages, confirmedAt, finishedAt } = row;
  return {
    ...{
      id,
      name,
      personId,
      roomId,
      estateId,
      roomLabel,
      state,
      result,
      refusal,
      attempts,
      nextAt,
    },
    ...{ owedFen, fallback, messages, confirmedAt, finishedAt },
  };
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

function exportRoute(server: Server, parts: RouteParts): void {
  route(server, 'GET /campaigns/:id/export.csv', async (request, reply) => {
    const member = memberOf(request);
    const { language = 'zh-CN' } = request.query;
    await mustExist(parts, request, request.params.id);
    const rows = await allContacts(scopeOf(request), parts.db, request.params.id);
    const lines = rows.map((row) => csvLine(cellsOf(row, language, member)));
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="campaign.csv"')
      .send([byteOrderMark, csvLine(heads[language]), ...lines].join(''));
  });
}

function cellsOf(
  row: ContactFigures,
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

async function mustExist({ db }: RouteParts, request: FastifyRequest, id: string): Promise<void> {
  if (!(await isCampaignIn(scopeOf(request), db, id))) throw notFound('campaign');
}
