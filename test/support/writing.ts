import t from 'tap';
import type { NewCampaign } from '../../src/contract/campaigns/campaigns.ts';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import type { MessageChannel } from '../../src/db/index.ts';
import { finaliseAttempt } from '../../src/outbound/dialer/attempts.ts';
import { claim } from '../../src/outbound/dialer/claim.ts';
import { ensureTrunks } from '../../src/outbound/dialer/ensure-trunks.ts';
import { trunkChannelsNow } from '../../src/outbound/dialer/trunk-channels.ts';
import type { AttemptResult } from '../../src/outbound/dialer/results.ts';
import { createCampaigns } from '../../src/outbound/campaigns/campaigns.ts';
import { findCampaign } from '../../src/outbound/campaigns/read-campaign.ts';
import { fallBackAuthor, prepareCampaign } from '../../src/outbound/index.ts';
import { Messaging, type Carrier } from '../../src/messaging/index.ts';
import { addAddress, choose, seedDemo, verifyPhone } from '../../src/property/index.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startMailServer, type MailServer } from './mail-server.ts';
import { openPolicy } from './open-policy.ts';
import { startTextGateway, type TextGateway } from './text-gateway.ts';

/** Owners, campaigns that reached nobody, and real servers that take what is written to them. */
export const log = silentLog();
/** Half past ten in Shanghai, on a working day. */
export let now = new Date('2026-11-26T02:30:00Z');
export const clock = { now: () => now };
export const pass = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

export let database: TestDatabase;
export let mail: MailServer;
export let gateway: TextGateway;

/** Before the first test of a file. */
export function openWriting(): void {
  t.before(async () => {
    database = await createTestDatabase();
    await seedDemo(database.db, now);
    await ensureTrunks(database.db, ['carrier'], 'demo');
    [mail, gateway] = await Promise.all([startMailServer(), startTextGateway()]);
  });
  t.teardown(async () => {
    await Promise.all([mail.close(), gateway.close()]);
    await database.drop();
  });
  t.beforeEach(() => {
    gateway.manner = 200;
    mail.manner = 'accept';
  });
}

export function parts(
  change: {
    isIdempotent?: boolean;
    without?: 'sms' | 'email';
    fax?: Carrier;
    mailLimitMs?: number;
    perAddress?: number;
  } = {},
) {
  const { url, token, secret } = gateway;
  const { isIdempotent = false, without, fax, mailLimitMs = 1500, perAddress = 100 } = change;
  const common = { db: database.db, clock, log };
  const words = { smsSign: '锦绣花园', paymentUrl: 'https://pay.example.com/' };
  const messaging = new Messaging({
    ...common,
    limits: { perAddress, perSecond: 1000 },
    mail:
      without === 'email'
        ? undefined
        : {
            ...{ host: '127.0.0.1', port: mail.port, isSecure: false, auth: mail.login },
            // As settings are.
            from: Object.freeze({ name: '锦绣花园物业', address: 'service@example.com' }),
            limitMs: mailLimitMs,
          },
    sms: without === 'sms' ? undefined : { url, token, secret, isIdempotent, limitMs: 1500 },
  });
  messaging.register('fallback', fallBackAuthor({ ...common, ...words }));
  if (fax !== undefined) messaging.provide('fax', fax);
  return {
    ...{ ...common, ...words, messaging },
    later: () => Promise.resolve(),
  };
}

/** The policy of all calls outside. */
export const outside = () => openPolicy({ db: database.db, clock });

let serial = 0;

/** A home of its own with one owner. */
export async function givenOwner(choice?: {
  channels: ('call' | MessageChannel)[];
  isWanted?: boolean;
  topic?: string;
}): Promise<{ personId: string; roomId: string; number: string; mail: string }> {
  const { db } = database;
  serial += 1;
  const unit = await db
    .selectFrom('unit')
    .innerJoin('building', 'building.id', 'unit.buildingId')
    .select(['unit.id', 'building.estateId'])
    .limit(1)
    .executeTakeFirstOrThrow();
  const [personId, roomId] = [newId(), newId()];
  const number = `1550000${String(serial).padStart(4, '0')}`;
  await db
    .insertInto('room')
    .values({
      ...{ id: roomId, estateId: unit.estateId, unitId: unit.id, number: `9${serial}` },
      ...{ floor: 9, label: `99栋1单元9${serial}`, areaCm2: 1, layout: '一室', state: 'occupied' },
    })
    .execute();
  await db
    .insertInto('person')
    .values({ id: personId, name: '赵一', namePinyin: 'zhaoyi', isVip: false, pinHash: null })
    .execute();
  await db
    .insertInto('personPhone')
    .values({ id: newId(), personId, number, isPrimary: true })
    .execute();
  await db
    .insertInto('occupancy')
    .values({ id: newId(), personId, roomId, role: 'owner', validFrom: '2020-01-01' })
    .execute();
  const address = `owner${serial}@example.com`;
  await db.transaction().execute(async (trx) => {
    await addAddress(trx, clock, personId, { channel: 'email', address });
    if (choice === undefined) return;
    const { channels, isWanted = true, topic = 'outage' } = choice;
    await choose(trx, clock, personId, {
      topic,
      isWanted,
      channels,
      hours: null,
      evidence: 'test',
    });
  });
  return { personId, roomId, number, mail: address };
}

export async function givenCampaign(roomIds: string[], change: Partial<NewCampaign> = {}) {
  const { db } = database;
  const campaigns = createCampaigns({
    ...{ db, clock, log },
    scriptFaults: () => Promise.resolve([]),
    onChange: () => undefined,
  });
  const { id } = await campaigns.create(
    {
      name: '停水通知',
      kind: 'notice',
      topic: 'outage',
      ...change,
      settings: {
        audience: { roomIds },
        script: {
          flowId: 'campaign-notice',
          texts: { message: { 'zh-CN': '今天下午停水。', en: 'No water this afternoon.' } },
          isHumanVoice: false,
        },
        fallback: ['sms', 'email'],
        ...change.settings,
      },
    },
    'staff:test',
  );
  await db.updateTable('campaign').set({ state: 'running' }).where('id', '=', id).execute();
  await prepareCampaign({ db, clock, log }, id);
  return findCampaign(db, id);
}

/** The dialler's own steps up to the switch; every number answers with that result until given up. */
export async function callsEndAs(campaignId: string, result: AttemptResult): Promise<string[]> {
  const { db } = database;
  const campaign = await findCampaign(db, campaignId);
  const fallen: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { trunks } = await trunkChannelsNow(db, now);
    const { claimed, needFallback } = await claim(db, campaign, 10, trunks, now, outside());
    fallen.push(...needFallback);
    for (const { attempt } of claimed) {
      const ending = { attemptId: attempt.id, result, hangupCause: null };
      const settled = await finaliseAttempt({ db, clock, log }, ending);
      if (settled?.needsFallback === true) fallen.push(settled.contactId);
    }
    await db
      .updateTable('campaignContact')
      .set({ nextAt: now })
      .where('nextAt', '>', now)
      .execute();
  }
  return fallen;
}

export async function unreached(
  change: Parameters<typeof givenOwner>[0],
  draft?: Partial<NewCampaign>,
) {
  const owner = await givenOwner(change);
  const campaign = await givenCampaign([owner.roomId], draft);
  const [contactId = ''] = await callsEndAs(campaign.id, 'invalid');
  t.not(contactId, '', 'the calls were in vain');
  return { ...owner, campaign, contactId };
}

export const contactOf = (id: string) =>
  database.db
    .selectFrom('campaignContact')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
export const messagesOf = (contactId: string) =>
  database.db
    .selectFrom('outboundMessage')
    .selectAll()
    .where('contactId', '=', contactId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
export const textsTo = (number: string) => gateway.texts.filter((one) => one.to === number);
export const mailsTo = (address: string) => mail.mails.filter((one) => one.to.includes(address));

/** An owner in arrears whom no call reached. */
export async function owing(settings: Partial<NewCampaign['settings']> = {}) {
  const owner = await givenOwner();
  await database.db
    .insertInto('bill')
    .values({
      ...{ id: newId(), roomId: owner.roomId, kind: 'property', period: '2026-10' },
      ...{ amountFen: 37_300, dueOn: '2026-11-10' },
    })
    .execute();
  const campaign = await givenCampaign([owner.roomId], {
    kind: 'arrears',
    topic: 'arrears',
    settings: { fallback: ['sms'], ...settings },
  });
  const [contactId = ''] = await callsEndAs(campaign.id, 'invalid');
  return { ...owner, campaign, contactId };
}

/** Their number is theirs: a debt may be named to it. */
export async function verified(personId: string): Promise<void> {
  await database.db.transaction().execute(async (trx) => {
    const phone = await trx
      .selectFrom('personPhone')
      .select('id')
      .where('personId', '=', personId)
      .executeTakeFirstOrThrow();
    await verifyPhone(trx, clock, personId, phone.id, 'in_person', 'staff:test');
  });
}

export const pay = (roomId: string, paidFen: number) =>
  database.db.updateTable('bill').set({ paidFen }).where('roomId', '=', roomId).execute();
