/** What came of campaigns: people, attempts and messages as evidence, and the history of each campaign. */
import { sql } from 'kysely';
import {
  inScope,
  narrowedBy,
  peopleIn,
  personInSites,
  type CampaignRow,
  type ContactRow,
  type MessageChannel,
  type MessageState,
  type Readable,
  type Scope,
  type TrunkRow,
} from '../db/index.ts';

/** Newest first, as all pages here; `before` is the last id of the page before. */
export function campaignsPage(
  scope: Scope,
  db: Readable,
  { state, estateId }: { state?: CampaignRow['state'] | undefined; estateId?: string | undefined },
  limit: number,
  before: string | undefined,
): Promise<CampaignRow[]> {
  let rows = inScope(db, scope, 'campaign').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (state !== undefined) rows = rows.where('state', '=', state);
  if (estateId !== undefined) {
    rows = rows.where(sql<boolean>`(site_ids IS NULL OR ${estateId}::uuid = ANY(site_ids))`);
  }
  return rows.execute();
}

export function campaignHistory(scope: Scope, db: Readable, campaignId: string) {
  return inScope(db, scope, 'campaignEvent')
    .select(['fromState', 'toState', 'actor', 'note', 'at'])
    .where('campaignId', '=', campaignId)
    .orderBy('at')
    .execute();
}

export async function isCampaignIn(scope: Scope, db: Readable, id: string): Promise<boolean> {
  const row = await inScope(db, scope, 'campaign')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  return row !== undefined;
}

export interface ShortMessage {
  channel: MessageChannel;
  state: MessageState;
  reason: string | null;
}

/** Somebody on the list, their home, and what was written to them. */
export type ContactFigures = ContactRow & {
  roomLabel: string | null;
  messages: ShortMessage[];
};

export async function contactsPage(
  scope: Scope,
  db: Readable,
  { campaignId, state }: { campaignId: string; state?: string | undefined },
  limit: number,
  before: string | undefined,
): Promise<ContactFigures[]> {
  let rows = contacts(scope, db, campaignId).orderBy('campaignContact.id', 'desc');
  if (before !== undefined) rows = rows.where('campaignContact.id', '<', before);
  if (state !== undefined) {
    rows = rows.where('campaignContact.state', '=', state as ContactRow['state']);
  }
  return withMessages(scope, db, await rows.limit(limit).execute());
}

/** Everybody, in the order of the list. */
export async function allContacts(
  scope: Scope,
  db: Readable,
  campaignId: string,
): Promise<ContactFigures[]> {
  const rows = await contacts(scope, db, campaignId).orderBy('campaignContact.id').execute();
  return withMessages(scope, db, rows);
}

function contacts(scope: Scope, db: Readable, campaignId: string) {
  return inScope(db, scope, 'campaignContact')
    .leftJoin('room', 'room.id', 'campaignContact.roomId')
    .selectAll('campaignContact')
    .select('room.label as roomLabel')
    .where('campaignId', '=', campaignId);
}

/** Reports of a hundred thousand people ask in batches. */
async function withMessages<Row extends { id: string; personId: string | null }>(
  scope: Scope,
  db: Readable,
  rows: readonly Row[],
): Promise<(Row & { messages: ShortMessage[] })[]> {
  const known = await peopleIn(
    scope,
    db,
    rows.map(({ personId }) => personId),
  );
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
  return rows.map((row) => ({
    ...row,
    personId: known(row.personId),
    messages: found.get(row.id) ?? [],
  }));
}

export function attemptsPage(
  scope: Scope,
  db: Readable,
  { campaignId, contactId }: { campaignId: string; contactId?: string | undefined },
  limit: number,
  before: string | undefined,
) {
  let rows = inScope(db, scope, 'attempt')
    .selectAll()
    .where('campaignId', '=', campaignId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (contactId !== undefined) rows = rows.where('contactId', '=', contactId);
  return rows.execute();
}

export function messagesPage(
  scope: Scope,
  db: Readable,
  { campaignId, state }: { campaignId: string; state?: MessageState | undefined },
  limit: number,
  before: string | undefined,
) {
  let rows = inScope(db, scope, 'outboundMessage')
    .selectAll()
    .where('campaignId', '=', campaignId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (state !== undefined) rows = rows.where('state', '=', state);
  return rows.execute();
}

/** What people answered to messages of a campaign. */
export function repliesPage(
  scope: Scope,
  db: Readable,
  campaignId: string,
  limit: number,
  before: string | undefined,
) {
  let rows = inScope(db, scope, 'incomingMessage')
    .leftJoin('person', (join) =>
      join
        .onRef('person.id', '=', 'incomingMessage.personId')
        .on(personInSites(sql`person.id`, scope.sites)),
    )
    .select(['incomingMessage.id', 'number', 'text', 'asks', 'receivedAt'])
    .select(['person.id as personId', 'person.name as personName'])
    .where('campaignId', '=', campaignId)
    .orderBy('incomingMessage.id', 'desc')
    .limit(limit);
  if (before !== undefined) rows = rows.where('incomingMessage.id', '<', before);
  return rows.execute();
}

/** All of them, with the numbers that estates of the scope show. */
export async function trunksFor(scope: Scope, db: Readable): Promise<TrunkRow[]> {
  const { sites } = scope;
  const trunks = await narrowedBy(scope, db)
    .selectFrom('trunk')
    .selectAll()
    .orderBy('priority')
    .execute();
  if (sites === null) return trunks;
  return trunks.map((trunk) => {
    const own = Object.entries(trunk.callerIds).filter(([estateId]) => sites.includes(estateId));
    return { ...trunk, callerIds: Object.fromEntries(own) };
  });
}
