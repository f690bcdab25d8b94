import { Type } from 'typebox';
import type { Language } from '../../core/language.ts';
import type { Db, MessageChannel, MessageState } from '../../db/index.ts';
import { messageReasonTexts, messageStateTexts } from '../../outbound/index.ts';
import { can } from '../../staff/index.ts';
import { addressFor, require } from '../access.ts';
import type { ApiParts, Server } from '../api.types.ts';
import { MessageStateCode } from '../contract/campaigns.ts';
import { listOf, Uuid } from '../contract/fields.ts';
import { pageQuery } from '../contract/pages.ts';
import { pageById } from '../lists.ts';

const tags = ['campaigns'];
const params = Type.Object({ id: Uuid });
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
  rows: readonly Row[],
): Promise<(Row & { messages: ShortMessage[] })[]> {
  const found = new Map<string, ShortMessage[]>();
  for (let from = 0; from < rows.length; from += 1000) {
    const ids = rows.slice(from, from + 1000).map((row) => row.id);
    const messages = await db
      .selectFrom('outboundMessage')
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
export function campaignMessageRoutes(server: Server, { db }: ApiParts): void {
  server.get(
    '/campaigns/:id/messages',
    {
      schema: {
        summary: 'Every text, mail and fax of it, with what became of it',
        response: { 200: listOf('A message') },
        tags,
        params,
        querystring: Type.Object({ ...pageQuery, state: Type.Optional(MessageStateCode) }),
      },
    },
    (request) => {
      const member = require(request, 'data.read');
      const { state } = request.query;
      return pageById(
        request.query,
        (limit, before) => {
          let rows = db
            .selectFrom('outboundMessage')
            .selectAll()
            .where('campaignId', '=', request.params.id)
            .orderBy('id', 'desc')
            .limit(limit);
          if (before !== undefined) rows = rows.where('id', '<', before);
          if (state !== undefined) rows = rows.where('state', '=', state);
          return rows.execute();
        },
        ({ onceKey: _key, providerId: _provider, ...row }) => ({
          ...row,
          address: addressFor(member, row.address),
          // The carrier's words repeat the address now and then.
          detail: can(member.role, 'numbers.read') ? row.detail : null,
        }),
      );
    },
  );
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
