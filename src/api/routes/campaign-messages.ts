import type { Language } from '../../core/language.ts';
import {
  type Db,
  inScope,
  type MessageChannel,
  type MessageState,
  type Scope,
} from '../../db/index.ts';
import { messageReasonTexts, messageStateTexts } from '../../messaging/index.ts';
import { writeAgain } from '../../outbound/index.ts';
import { audit, can } from '../../organisation/index.ts';
import { addressFor, memberOf, numberFor, scopeOf } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { pageById } from '../lists.ts';
import { plain } from '../plain.ts';
import { transact } from '../plugins/idempotency.ts';
/** Rows of other versions may hold reasons that this one does not know. */
const reasons: Readonly<Record<string, Record<Language, string> | undefined>> = messageReasonTexts;

export interface ShortMessage {
  channel: MessageChannel;
  state: MessageState;
  reason: string | null;
}

/** What was written to each; reports of a hundred thousand people ask in batches. */
export async function withMessages<Row extends { id: string }>(
  db: Db,
  scope: Scope,
  rows: readonly Row[],
): Promise<(Row & { messages: ShortMessage[] })[]> {
  const found = new Map<string, ShortMessage[]>();
  for (let from = 0; from < rows.length; from += 1000) {
    const ids = rows.slice(from, from + 1000).map((row) => row.id);
    const messages = await inScope(db, scope, 'outboundMessage')
      .select(['contactId', 'channel', 'state', 'reason'])
      .where('contactId', 'in', ids)
      .orderBy('id')
      .execute();
    for (const { contactId, ...message } of messages) {
      found.set(contactId ?? '', [...(found.get(contactId ?? '') ?? []), message]);
    }
  }
  return rows.map((row) => ({ ...row, messages: found.get(row.id) ?? [] }));
}

/** The evidence of what was written. */
export function campaignMessageRoutes(server: Server, parts: ApiParts): void {
  const { db } = parts;
  if (parts.outbound !== undefined) againRoute(server, parts);
  repliesRoute(server, parts);
  route(server, 'GET /campaigns/:id/messages', (request) => {
    const member = memberOf(request);
    const { state } = request.query;
    return pageById(
      request.query,
      (limit, before) => {
        let rows = inScope(db, scopeOf(request), 'outboundMessage')
          .selectAll()
          .where('campaignId', '=', request.params.id)
          .orderBy('id', 'desc')
          .limit(limit);
        if (before !== undefined) rows = rows.where('id', '<', before);
        if (state !== undefined) rows = rows.where('state', '=', state);
        return rows.execute();
      },
      (row) => ({
        ...plain(row),
        address: addressFor(member, row.address),
        // The carrier's words repeat the address now and then.
        detail: can(member.role, 'numbers.read') ? row.detail : null,
      }),
    );
  });
}

function againRoute(server: Server, { db, clock, outbound }: ApiParts): void {
  route(server, 'POST /campaigns/:id/contacts/:contactId/write-again', async (request, reply) => {
    const { id: staffId } = memberOf(request);
    const { id: campaignId, contactId } = request.params;
    void reply.status(202);
    const answer = await transact(db, { request, reply }, async (trx) => {
      const { from, round } = await writeAgain(trx, clock, { campaignId, contactId });
      await audit(trx, clock, {
        ...{ staffId, act: 'campaign.written_again', subject: contactId },
        details: { campaignId, round },
      });
      return { from: from.toISOString() };
    });
    await outbound?.writeSoon(contactId);
    return answer;
  });
}

function repliesRoute(server: Server, { db }: ApiParts): void {
  route(server, 'GET /campaigns/:id/replies', (request) => {
    const member = memberOf(request);
    return pageById(
      request.query,
      (limit, before) => {
        let rows = inScope(db, scopeOf(request), 'incomingMessage')
          .leftJoin('person', 'person.id', 'incomingMessage.personId')
          .select(['incomingMessage.id', 'number', 'text', 'asks', 'receivedAt'])
          .select(['incomingMessage.personId', 'person.name as personName'])
          .where('campaignId', '=', request.params.id)
          .orderBy('incomingMessage.id', 'desc')
          .limit(limit);
        if (before !== undefined) rows = rows.where('incomingMessage.id', '<', before);
        return rows.execute();
      },
      (row) => plain({ ...row, number: numberFor(member, row.number) }),
    );
  });
}

const channels = {
  sms: { 'zh-CN': '短信', en: 'Text' },
  email: { 'zh-CN': '邮件', en: 'E-mail' },
  fax: { 'zh-CN': '传真', en: 'Fax' },
} as const;

/** `短信 未发出（未配置该渠道）` */
export function messageText(
  { channel, state, reason }: ShortMessage,
  language: 'zh-CN' | 'en',
): string {
  const what = `${channels[channel][language]} ${messageStateTexts[state][language]}`;
  if (reason === null) return what;
  const why = (reasons[reason] ?? { 'zh-CN': reason, en: reason })[language];
  return language === 'en' ? `${what} (${why})` : `${what}（${why}）`;
}
