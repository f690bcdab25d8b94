import type { CampaignSettings } from '../../api/contract/campaigns.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { ContactRow, Db, MessageChannel, Pool } from '../../db/index.ts';
import { findCampaign, type Campaign } from '../campaigns/campaigns.ts';
import { sendMessages, writeMessage, type MessageSender } from './messages.ts';

export interface FallBackParts {
  db: Pool;
  clock: Clock;
  log: Log;
  sender: MessageSender;
}

/** Nobody was reached by telephone: the next channel that the campaign has and the person allows. */
export async function fallBack(parts: FallBackParts, contactId: string): Promise<void> {
  const { db, clock } = parts;
  const contact = await db
    .selectFrom('campaignContact')
    .selectAll()
    .where('id', '=', contactId)
    .where('fallback', '=', 'queued')
    .executeTakeFirst();
  if (contact === undefined) return;
  const campaign = await findCampaign(db, contact.campaignId);
  const channel = await channelFor(db, campaign, contact);
  const address = contact.numbers[0]?.number;
  if (channel === undefined || address === undefined) {
    await mark(db, contact.id, 'failed');
    return;
  }
  const id = await writeMessage(
    db,
    {
      campaignId: campaign.id,
      contactId: contact.id,
      personId: contact.personId,
      channel,
      purpose: 'fallback',
      address,
      language: contact.language,
      body: bodyOf(campaign, contact),
      onceKey: `${contact.id}:fallback`,
    },
    clock.now(),
  );
  if (id !== undefined) await sendMessages(parts, [id]);
  await mark(db, contact.id, 'sent');
}

async function mark(db: Db, contactId: string, fallback: 'sent' | 'failed'): Promise<void> {
  await db.updateTable('campaignContact').set({ fallback }).where('id', '=', contactId).execute();
}

async function channelFor(
  db: Db,
  campaign: Campaign,
  contact: ContactRow,
): Promise<MessageChannel | undefined> {
  const { fallback } = campaign.settings;
  if (contact.personId === null) return fallback[0];
  const wish = await db
    .selectFrom('subscription')
    .select(['isWanted', 'channels'])
    .where('personId', '=', contact.personId)
    .where('topic', '=', campaign.topic)
    .executeTakeFirst();
  if (wish === undefined) return fallback[0];
  if (!wish.isWanted && campaign.purpose !== 'emergency') return undefined;
  return wish.channels.find((channel): channel is MessageChannel =>
    fallback.some((one) => one === channel),
  );
}

/** A debt is not written where others read it: the message only asks to look at one's bills. */
function bodyOf({ purpose, settings }: Campaign, { language }: ContactRow): string {
  const message = textOf(settings, language);
  if (purpose !== 'collection' && message !== undefined) return message;
  return language === 'en'
    ? 'We tried to reach you by telephone. Please call the property service line when it suits you.'
    : '我们曾致电您但未能接通，请您方便时回电物业服务热线。';
}

function textOf({ script }: CampaignSettings, language: 'zh-CN' | 'en'): string | undefined {
  return script.texts['message']?.[language];
}
