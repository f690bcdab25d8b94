import { households, mergeBySharedNumber, subjectOf, withDefaults } from '../../outbound/index.ts';
import { textOf } from '../../messaging/index.ts';
import { addArrears } from './arrears.ts';
import type { Campaign, CampaignRow, ContactRow } from './campaign.types.ts';
import { planCampaigns, type CampaignPlan } from './campaign-plans.ts';
import { dialAll } from './dialled.ts';
import { minuteMs, secondMs } from '../calendar.ts';
import type { GraphEstate } from '../graph.ts';
import type { RowOf } from '../rows.ts';
import type { Stage } from '../stage.ts';

/** Campaigns that have ended, each written as its author, its approver, the dialler and the people left it. */
export function writeCampaigns(stage: Stage): void {
  const { graph, chance, days } = stage;
  const { trunk } = graph;
  if (trunk === undefined) return;
  for (const plan of planCampaigns(chance, graph, days)) {
    if (plan.homes.length === 0) continue;
    const campaign = begin(stage, plan, trunk);
    const endedAt = dialAll(stage, campaign);
    for (const contact of campaign.contacts) writeInstead(stage, campaign, contact);
    end(stage, campaign, plan.stoppedAt ?? endedAt + 3 * secondMs);
  }
}

function begin(stage: Stage, plan: CampaignPlan, trunk: Campaign['trunk']): Campaign {
  const { history, ids, chance, graph } = stage;
  const { supervisor, admin } = graph;
  // An emergency is approved at once, anything else on the day before.
  const hurry = plan.stoppedAt === undefined ? 1 : 0.02;
  const createdAt = Math.round(plan.startsAt - chance.between(18, 22) * 60 * minuteMs * hurry);
  const between = (share: number): number =>
    Math.round(createdAt + (plan.startsAt - createdAt) * share);
  const { settings, ...matter } = withDefaults(plan.draft);
  const [author, approver] = [`staff:${supervisor.username}`, `staff:${admin.username}`];
  const row: CampaignRow = {
    ...{ id: ids.at(createdAt), name: plan.draft.name, kind: plan.draft.kind, ...matter },
    ...{ state: 'running', settings, startsAt: null, endsAt: null, isPrepared: true },
    ...{ heardAt: new Date(between(0.1)), copiedFrom: null, seriesId: null },
    ...{ submittedBy: author, approvedBy: approver, approvedAt: new Date(between(0.4)) },
    ...{
      createdBy: author,
      editedBy: author,
      editors: [author],
      version: 1,
      ...{ flowVersion: null, heardFlowVersion: null },
      siteIds: settings.audience.estateIds ?? null,
    },
    ...{ createdAt: new Date(createdAt), updatedAt: new Date(plan.startsAt) },
    ...{ startedAt: new Date(plan.startsAt), endedAt: null },
  };
  history.campaign.push(row);
  const moves = [
    [null, 'draft', author, createdAt],
    ['draft', 'submitted', author, between(0.15)],
    ['submitted', 'approved', approver, between(0.4)],
    ['approved', 'running', author, plan.startsAt],
  ] as const;
  for (const [from, to, actor, at] of moves) move(stage, row, from, to, actor, at);
  const arrears =
    plan.draft.kind === 'arrears' ? addArrears(stage, plan.homes, plan.startsAt) : undefined;
  const estates = new Map(graph.estates.map((estate) => [estate.id, estate]));
  const contacts = contactsOf(stage, plan, row, estates);
  return {
    ...{ row, plan, contacts, estates, trunk, arrears },
    subjects: new Map(
      contacts.map((one) => [one.id, subjectOf(row, one, one.numbers[0]?.personId ?? null)]),
    ),
  };
}

function move(
  { history, ids }: Stage,
  { id: campaignId }: CampaignRow,
  fromState: RowOf<'campaign'>['state'] | null,
  toState: RowOf<'campaign'>['state'],
  actor: string,
  at: number,
): void {
  history.campaignEvent.push({
    ...{ id: ids.at(at), campaignId, fromState, toState, actor, note: '', at: new Date(at) },
  });
}

function end(stage: Stage, { row, plan, contacts }: Campaign, at: number): void {
  const isStopped = plan.stoppedAt !== undefined;
  const endedAt = new Date(at);
  row.state = isStopped ? 'stopped' : 'finished';
  row.endedAt = endedAt;
  row.updatedAt = endedAt;
  const actor = isStopped ? row.createdBy : 'system';
  move(stage, row, 'running', row.state, actor, at);
  for (const contact of contacts) {
    if (contact.state !== 'waiting') continue;
    contact.state = 'stopped';
    contact.finishedAt = endedAt;
  }
}

function contactsOf(
  { history, ids }: Stage,
  { homes, startsAt }: CampaignPlan,
  { id: campaignId, purpose }: CampaignRow,
  estates: ReadonlyMap<string, GraphEstate>,
): ContactRow[] {
  const people = homes.flatMap(({ roomId, people }) =>
    people.map(({ personId, role, number }) => ({
      ...{ roomId, personId, role, isMinor: false },
      numbers: [{ number, isPrimary: true }],
    })),
  );
  const isDebt = purpose === 'collection';
  const all = isDebt
    ? households(people, 'debtor').map((one) => ({ ...one, coveredRoomIds: [one.roomId] }))
    : mergeBySharedNumber(households(people, 'residents'));
  const byRoom = new Map(homes.map((home) => [home.roomId, home]));
  // Written by the job that prepares it, between approval and start.
  const at = startsAt - 20 * secondMs;
  return all.flatMap(({ roomId, personId, numbers, coveredRoomIds }, index) => {
    const home = byRoom.get(roomId);
    const estate = home && estates.get(home.estateId);
    if (home === undefined || estate === undefined) return [];
    const contact: ContactRow = {
      ...{ id: ids.at(at + index), campaignId, householdKey: `room:${roomId}`, personId, roomId },
      ...{ estateId: estate.id, coveredRoomIds: [...coveredRoomIds], language: 'zh-CN' },
      name: home.people.find((one) => one.personId === personId)?.name ?? '',
      ...{ timeZone: estate.timeZone, numbers: [...numbers], state: 'waiting', result: null },
      vars: { room: home.label, estate: { 'zh-CN': estate.name, en: estate.nameEn } },
      ...{ refusal: null, attempts: 0, nextAt: new Date(startsAt), nextNumber: null },
      ...{ triedTrunks: [], owedFen: null, fallback: null, fallbackAt: null },
      ...{ confirmedAt: null, finishedAt: null, createdAt: new Date(at) },
      ...{ reservedBy: null, reservedUntil: null, writingRound: 0 },
    };
    history.campaignContact.push(contact);
    return [contact];
  });
}

/** Whom nobody reached is written to, where the campaign says so. */
function writeInstead(
  { history, ids, chance }: Stage,
  { row, estates, trunk }: Campaign,
  contact: ContactRow,
): void {
  const [channel] = row.settings.fallback;
  if (contact.state !== 'unreached' || channel !== 'sms' || contact.finishedAt === null) return;
  const at = contact.finishedAt.getTime() + chance.between(1, 4) * secondMs;
  const estate = estates.get(contact.estateId ?? '');
  const callback = trunk.callerIds[contact.estateId ?? ''] ?? trunk.callerId;
  const { subject, body } = textOf({
    ...{ channel, purpose: row.purpose, language: 'zh-CN', estate: estate?.name, callback },
    message: row.settings.script.texts['message']?.['zh-CN'],
    ...{
      wasCalled: true,
      debt: null,
      sign: estate === undefined ? undefined : `${estate.name}物业`,
    },
  });
  const state = chance.weighted({ delivered: 88, sent: 7, failed: 5 });
  const sentAt = new Date(Math.round(at + 900));
  history.outboundMessage.push({
    ...{ id: ids.at(at), campaignId: row.id, contactId: contact.id, personId: contact.personId },
    ...{ channel, purpose: 'fallback', address: contact.numbers[0]?.number ?? '', subject, body },
    ...{ language: 'zh-CN', state, reason: state === 'failed' ? 'undelivered' : null },
    ...{ onceKey: `${contact.id}:fallback:${channel}`, createdAt: new Date(Math.round(at)) },
    ...{ sentAt, tries: 1, nextAt: null, triedAt: new Date(Math.round(at + 200)) },
    deliveredAt: state === 'delivered' ? new Date(sentAt.getTime() + 4000) : null,
    ...{ providerId: `demo-${ids.at(at)}`, detail: null, writingRound: 0 },
  });
  contact.fallback = state === 'failed' ? 'failed' : 'sent';
}
