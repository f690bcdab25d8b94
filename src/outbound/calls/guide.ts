import type { ContactRow, Db } from '../../db/index.ts';
import type { Vars } from '../../content/index.ts';
import type { OutboundGuide, OutboundScript } from '../../ivr/index.ts';
import { hotlineFor } from '../../property/index.ts';
import { findCampaign } from '../campaigns/read-campaign.ts';
import { filledAsExample, filledFor } from '../lists/placeholders.ts';
import { markResult, rehearse, writeAnswer, type GuideParts, type Subject } from './answers.ts';
import { repairOf } from './repairs.ts';

/** What campaigns' calls say, and what is written down of what people answer. */
export function createGuide(parts: GuideParts): OutboundGuide {
  const { db } = parts;
  return {
    async script(callId) {
      const subject = await subjectOf(db, callId);
      return subject === undefined ? undefined : scriptOf(db, subject);
    },
    async act(call, state, action) {
      const subject = await subjectOf(db, call.id);
      if (subject === undefined) return { kind: 'failed', reason: 'no campaign made this call' };
      call.record('campaign.acted', { act: action.act, node: state.node });
      // Whoever listens to a script hears every branch, and nothing is written.
      if (subject.attempt === undefined || subject.contact === undefined) {
        return rehearse(subject, action);
      }
      const attemptCall = { ...subject, attempt: subject.attempt, contact: subject.contact };
      return writeAnswer(parts, attemptCall, state, action);
    },
    async connected(callId) {
      const attempt = await db
        .selectFrom('attempt')
        .select('id')
        .where('callId', '=', callId)
        .executeTakeFirst();
      if (attempt !== undefined) await markResult(db, attempt.id, 'agent');
    },
  };
}

async function subjectOf(db: Db, callId: string): Promise<Subject | undefined> {
  const attempt = await db
    .selectFrom('attempt')
    .selectAll()
    .where('callId', '=', callId)
    .executeTakeFirst();
  if (attempt !== undefined) {
    const contact = await db
      .selectFrom('campaignContact')
      .selectAll()
      .where('id', '=', attempt.contactId)
      .executeTakeFirstOrThrow();
    const campaign = await findCampaign(db, attempt.campaignId);
    const { callerId } = attempt;
    return { campaign, attempt, contact, language: contact.language, callerId };
  }
  const test = await db
    .selectFrom('campaignTest')
    .selectAll()
    .where('callId', '=', callId)
    .executeTakeFirst();
  if (test === undefined) return undefined;
  const campaign = await findCampaign(db, test.campaignId);
  const none = { attempt: undefined, contact: undefined };
  const { flowVersion } = test;
  return { campaign: { ...campaign, flowVersion }, ...none, language: test.language, callerId: '' };
}

async function scriptOf(db: Db, subject: Subject): Promise<OutboundScript | undefined> {
  const { campaign, contact, language } = subject;
  const hotline = await hotlineFor(db, contact?.estateId ?? undefined);
  if (hotline === undefined) return undefined;
  const { estateName: zh, estateNameEn: en } = hotline;
  const repair = campaign.kind === 'return_visit' ? await repairOf(db, contact) : undefined;
  const callback = subject.callerId === '' ? hotline.did : subject.callerId;
  const vars: Vars = {
    name: contact?.name ?? (language === 'en' ? 'the owner' : '业主'),
    estate: { 'zh-CN': zh, en },
    greeting: {
      'zh-CN': `您好，这里是${zh}物业服务中心。`,
      en: `Hello, this is the property service of ${en}.`,
    },
    callback,
    orderNumber: repair?.number ?? '',
    orderId: repair?.id ?? '',
    ...home(contact),
    ...textsFor(campaign, contact, { zh, en, callback }),
    ...(contact === undefined ? {} : listVars(contact)),
  };
  const queue = await queueCode(db, campaign.settings.queueId);
  return {
    ...{ flowId: campaign.settings.script.flowId, language, vars, hotline },
    ...(campaign.flowVersion === null ? {} : { flowVersion: campaign.flowVersion }),
    ...(queue === undefined ? {} : { queue }),
    ...(subject.attempt?.staffId == null ? {} : { staffId: subject.attempt.staffId }),
  };
}

/** The campaign's own texts, with what the list or the person fills in. */
function textsFor(
  { settings }: Subject['campaign'],
  contact: ContactRow | undefined,
  { zh, en, callback }: { zh: string; en: string; callback: string },
): Vars {
  return Object.fromEntries(
    Object.entries(settings.script.texts).map(([key, texts]) => [
      key,
      Object.fromEntries(
        (['zh-CN', 'en'] as const).flatMap((language) => {
          const text = texts[language] ?? '';
          // What has no English is spoken in Chinese to everybody.
          if (text.trim() === '') return [];
          const facts = { language, estate: language === 'en' ? en : zh, callback };
          const filled =
            contact === undefined ? filledAsExample(text, facts) : filledFor(text, contact, facts);
          return [[language, filled]];
        }),
      ),
    ]),
  );
}

async function queueCode(db: Db, queueId: string | null): Promise<string | undefined> {
  if (queueId === null) return undefined;
  const row = await db
    .selectFrom('queue')
    .select('code')
    .where('id', '=', queueId)
    .executeTakeFirst();
  return row?.code;
}

/** What an uploaded list fills: plain words, never the home or the person that we know better. */
function listVars(contact: ContactRow): Vars {
  const own = Object.entries(contact.vars).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] !== 'room',
  );
  return Object.fromEntries(own);
}

function home(contact: ContactRow | undefined): Vars {
  if (contact?.roomId == null || contact.personId === null) return {};
  return { home: { roomId: contact.roomId, personId: contact.personId } };
}
