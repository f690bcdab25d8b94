import type { Language } from '../../../core/language.ts';
import { messageReasonTexts, messageStateTexts } from '../../../messaging/index.ts';
import { writeAgain, type Outbound } from '../../../outbound/index.ts';
import { messagesPage, repliesPage, type ShortMessage } from '../../../reporting/index.ts';
import { can } from '../../../organisation/index.ts';
import { addressFor, memberOf, numberFor, scopeOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import { pageById } from '../../lists.ts';
import { plain } from '../../plain.ts';
import { write } from '../../write.ts';

/** Rows of other versions may hold reasons that this one does not know. */
const reasons: Readonly<Record<string, Record<Language, string> | undefined>> = messageReasonTexts;

/** The evidence of what was written. */
export function campaignMessageRoutes(server: Server, parts: RouteParts): void {
  const { db } = parts;
  route(server, 'GET /campaigns/:id/replies', (request) => {
    const member = memberOf(request);
    const scope = scopeOf(request);
    return pageById(
      request.query,
      (limit, before) => repliesPage(scope, db, request.params.id, limit, before),
      (row) => plain({ ...row, number: numberFor(member, row.number) }),
    );
  });
  route(server, 'GET /campaigns/:id/messages', (request) => {
    const member = memberOf(request);
    const scope = scopeOf(request);
    const wanted = { campaignId: request.params.id, state: request.query.state };
    return pageById(
      request.query,
      (limit, before) => messagesPage(scope, db, wanted, limit, before),
      (row) => ({
        ...plain(row),
        address: addressFor(member, row.address),
        // The carrier's words repeat the address now and then.
        detail: can(member.role, 'numbers.read') ? row.detail : null,
      }),
    );
  });
}

/** Staff ask for another round of messages to somebody. */
export function writeAgainRoute(
  server: Server,
  parts: RouteParts,
  writeSoon: Outbound['writeSoon'],
): void {
  write(
    server,
    parts,
    'POST /campaigns/:id/contacts/:contactId/write-again',
    async ({ request, trx, audit, afterwards }) => {
      const { id: campaignId, contactId } = request.params;
      const { from, round } = await writeAgain(trx, parts.clock, { campaignId, contactId });
      await audit('campaign.written_again', contactId, { campaignId, round });
      afterwards(() => writeSoon(contactId));
      return { from: from.toISOString() };
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
