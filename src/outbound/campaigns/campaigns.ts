import { checkPlaceholders } from '../lists/placeholders.ts';
import { sql } from 'kysely';
import { liveVersion } from '../../content/index.ts';
import type { CampaignSettings } from '../../contract/campaigns/campaigns.ts';
import { type NewCampaign } from '../../contract/campaigns/campaigns.ts';
import { mustChange } from '../../core/changes.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import {
  emit,
  within,
  type CampaignRow,
  type CampaignState,
  type Db,
  type Sites,
} from '../../db/index.ts';
import { isKnownTopic, rulesFor, type ScriptFault } from '../rules/index.ts';
import {
  ApprovalError,
  CampaignLockedError,
  CampaignVersionError,
  EmptyAudienceError,
  ScriptRefusedError,
} from './campaign.errors.ts';
import { auditCampaign, logMove } from './campaign-log.ts';
import { withDefaults } from './defaults.ts';
import type { Campaign } from './campaign.types.ts';
import { findCampaign } from './read-campaign.ts';
import { transition, type Move } from './transition.ts';

export type { Campaign } from './campaign.types.ts';

export interface CampaignParts {
  db: Db;
  clock: Clock;
  log: Log;
  /** What is wrong with a campaign's script. Throws `flow.not_published`. */
  scriptFaults: (campaign: Pick<Campaign, 'settings' | 'purpose'>) => Promise<ScriptFault[]>;
  /** Told after commit: the dialler looks again, contacts are to be prepared. */
  onChange: (campaign: Campaign) => void;
}

/** The life of a campaign, from draft to its end. `actor` is `staff:<username>` or `system`. */
export interface Campaigns {
  /**
   * The same in a transaction at hand. What follows a change is handed over, for after the commit; what is wrong with
   * the script was found before (`faultsOf`), as flows are read by a connection of their own.
   */
  within(
    trx: Db,
    afterwards: (follow: () => void) => void,
    faults?: readonly ScriptFault[],
  ): Campaigns;
  /** What is wrong with its script. Throws `campaign.not_found`. */
  faultsOf(id: string): Promise<ScriptFault[]>;
  create(draft: NewCampaign, actor: string, siteIds?: Sites): Promise<Campaign>;
  /** Only drafts. Throws `campaign.locked`, `request.unchanged`. */
  change(id: string, draft: NewCampaign, actor: string, siteIds?: Sites): Promise<Campaign>;
  find(id: string): Promise<Campaign>;
  /** The same again as a draft; `draft` replaces what differs. */
  copy(id: string, actor: string, siteIds?: Sites, draft?: Partial<NewCampaign>): Promise<Campaign>;
  submit(id: string, actor: string): Promise<Campaign>;
  /**
   * `expectedVersion` is what the approver has seen; left out, what stands now. Throws `campaign.script_refused`,
   * `campaign.own_approval`, `campaign.not_heard`, `campaign.version_changed`.
   */
  approve(id: string, actor: string, expectedVersion?: number): Promise<Campaign>;
  sendBack(id: string, actor: string, note: string): Promise<Campaign>;
  start(id: string, actor: string): Promise<Campaign>;
  pause(id: string, actor: string): Promise<Campaign>;
  resume(id: string, actor: string): Promise<Campaign>;
  /** Ends it at once: nothing more is dialled, what rings is taken back by the dialler. */
  stop(id: string, actor: string): Promise<Campaign>;
  cancel(id: string, actor: string): Promise<Campaign>;
  finish(id: string): Promise<Campaign>;
  /** Somebody listened to that version of the script on a telephone; a text written since stays unheard. */
  markHeard(id: string, version: number, flowVersion?: number | null): Promise<void>;
}

export function createCampaigns(parts: CampaignParts): Campaigns {
  const { db, clock, onChange } = parts;
  const find = (id: string, from: Db = db) => findCampaign(from, id);

  const move = async (
    id: string,
    to: CampaignState,
    actor: string,
    note = '',
    set: Move['set'] = {},
    check: Move['check'] = () => undefined,
  ): Promise<Campaign> => {
    const changed = await within(db, (trx) =>
      transition(trx, parts, { id, to, actor, note, set, check }),
    );
    onChange(changed);
    return changed;
  };

  return {
    within: (trx, afterwards, faults = []) => boundTo(trx, parts, afterwards, faults),
    faultsOf: async (id) => parts.scriptFaults(await find(id)),
    find,
    async create(draft, actor, siteIds = null) {
      const id = await insertDraft(parts, draft, actor, siteIds);
      return find(id);
    },
    change: (id, draft, actor, siteIds = null) => changeDraft(parts, id, draft, actor, siteIds),
    async copy(id, actor, siteIds = null, draft = {}) {
      const source = await find(id);
      const made = await this.create(
        {
          name: `${source.name}（副本）`,
          kind: source.kind,
          ...matterOf(source),
          priority: source.priority,
          ...draft,
          settings: { ...source.settings, ...draft.settings },
        },
        actor,
        siteIds ?? source.siteIds,
      );
      await db.updateTable('campaign').set({ copiedFrom: id }).where('id', '=', made.id).execute();
      return find(made.id);
    },
    async submit(id, actor) {
      const campaign = await find(id);
      if (isNobody(campaign.settings)) throw new EmptyAudienceError();
      if (campaign.settings.overrideReason !== null && !rulesFor(campaign).canBeOverridden) {
        throw new ApprovalError('campaign.override_misused');
      }
      const flowVersion = (await liveVersion(db, campaign.settings.script.flowId)) ?? null;
      await refuseFaults(parts, { ...campaign, flowVersion });
      const { heardFlowVersion } = campaign;
      const isOther = heardFlowVersion !== null && heardFlowVersion !== flowVersion;
      // A flow published since the test call has been heard by nobody.
      const unheard = isOther ? { heardAt: null, heardFlowVersion: null } : {};
      return move(id, 'submitted', actor, '', { submittedBy: actor, flowVersion, ...unheard });
    },
    async approve(id, actor, expectedVersion) {
      const campaign = await find(id);
      const check = (now: CampaignRow): void => {
        mayApprove(now, actor, expectedVersion ?? campaign.version);
      };
      check(campaign);
      await refuseFaults(parts, campaign);
      const note = campaign.settings.overrideReason ?? '';
      const set = { approvedBy: actor, approvedAt: clock.now() };
      // Again under the lock: it may have been written anew since.
      return move(id, 'approved', actor, note, set, check);
    },
    sendBack: (id, actor, note) =>
      move(id, 'draft', actor, note, { approvedBy: null, approvedAt: null, flowVersion: null }),
    start: (id, actor) => move(id, 'running', actor),
    pause: (id, actor) => move(id, 'paused', actor),
    resume: (id, actor) => move(id, 'running', actor),
    stop: (id, actor) => move(id, 'stopped', actor),
    cancel: (id, actor) => move(id, 'cancelled', actor),
    finish: (id) => move(id, 'finished', 'system'),
    async markHeard(id, version, flowVersion = null) {
      const at = clock.now();
      await within(db, async (trx) => {
        const heard = await trx
          .updateTable('campaign')
          .set({ heardAt: at, heardFlowVersion: flowVersion })
          .where('id', '=', id)
          .where('version', '=', version)
          // One that was submitted since is spoken with the flow of then.
          .$if(flowVersion !== null, (query) =>
            query.where((where) =>
              where.or([where('flowVersion', 'is', null), where('flowVersion', '=', flowVersion)]),
            ),
          )
          .returning('state')
          .executeTakeFirst();
        if (heard === undefined) return;
        const { state } = heard;
        await emit(trx, 'campaign.changed', { campaignId: id, from: state, to: state }, at);
      });
    },
  };
}

/** Throws `campaign.version_changed`, `campaign.own_approval`, `campaign.not_heard`. Pure. */
function mayApprove(campaign: CampaignRow, actor: string, expectedVersion: number): void {
  const { createdBy, submittedBy, editedBy, editors, version } = campaign;
  if (version !== expectedVersion) throw new CampaignVersionError(version, editedBy);
  if ([createdBy, submittedBy, editedBy, ...editors].includes(actor)) {
    throw new ApprovalError('campaign.own_approval');
  }
  // In an emergency nobody waits for a rehearsal.
  if (campaign.heardAt === null && campaign.purpose !== 'emergency') {
    throw new ApprovalError('campaign.not_heard');
  }
}

function boundTo(
  trx: Db,
  parts: CampaignParts,
  afterwards: (follow: () => void) => void,
  faults: readonly ScriptFault[],
): Campaigns {
  return createCampaigns({
    ...{ ...parts, db: trx },
    scriptFaults: () => Promise.resolve([...faults]),
    onChange: (campaign) => afterwards(() => parts.onChange(campaign)),
  });
}

/** Rows of former versions may hold any topic, and offers as notices. */
function matterOf({ purpose, topic }: Campaign): Pick<NewCampaign, 'purpose' | 'topic'> {
  return isKnownTopic(topic)
    ? { purpose: rulesFor({ purpose, topic }).purpose, topic }
    : { purpose };
}

function dateOf(instant: string | null | undefined): Date | null {
  return instant == null ? null : new Date(instant);
}

/** A draft's script may have faults still, but there is one. Throws `flow.not_published`. */
async function mustBeSayable(
  { scriptFaults }: CampaignParts,
  draft: Pick<Campaign, 'settings' | 'purpose'>,
): Promise<void> {
  await scriptFaults(draft);
}

async function changeDraft(
  parts: CampaignParts,
  id: string,
  draft: NewCampaign,
  actor: string,
  siteIds: Sites,
): Promise<Campaign> {
  const { db, clock } = parts;
  const before = await findCampaign(db, id);
  if (before.state !== 'draft') throw new CampaignLockedError(before.state);
  const { settings, ...rest } = withDefaults(draft);
  const wanted = {
    ...{ ...rest, name: draft.name, kind: draft.kind },
    ...{ startsAt: dateOf(draft.startsAt), endsAt: dateOf(draft.endsAt) },
    // Whoever sees more does not widen what somebody else wrote.
    siteIds: reachOf(settings, siteIds ?? before.siteIds),
  };
  mustChange(before, { ...wanted, settings });
  await mustBeSayable(parts, { settings, purpose: rest.purpose });
  await checkPlaceholders(db, settings);
  const now = clock.now();
  const changed = await within(db, async (trx) => {
    const row = await trx
      .updateTable('campaign')
      .set({
        ...wanted,
        settings: JSON.stringify(settings),
        // What was heard and written belongs to the former text.
        heardAt: null,
        heardFlowVersion: null,
        // Whoever wrote any of it stays an author: none of them may approve it.
        editedBy: actor,
        editors: sql`(SELECT array_agg(DISTINCT one) FROM unnest(editors || ${actor}::text) AS one)`,
        version: sql`version + 1`,
        updatedAt: now,
      })
      .where('id', '=', id)
      .where('state', '=', 'draft')
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) return undefined;
    await auditCampaign(trx, { act: 'changed', id, actor, at: now });
    await emit(trx, 'campaign.changed', { campaignId: id, from: 'draft', to: 'draft' }, now);
    return row;
  });
  const after = await findCampaign(db, id);
  // Somebody submitted it in between.
  if (changed === undefined) throw new CampaignLockedError(after.state);
  return after;
}

async function insertDraft(
  parts: CampaignParts,
  draft: NewCampaign,
  actor: string,
  siteIds: Sites,
): Promise<string> {
  const { db, clock } = parts;
  const now = clock.now();
  const { settings, ...rest } = withDefaults(draft);
  await mustBeSayable(parts, { settings, purpose: rest.purpose });
  await checkPlaceholders(db, settings);
  const id = newId();
  await within(db, async (trx) => {
    await trx
      .insertInto('campaign')
      .values({
        ...rest,
        id,
        name: draft.name,
        kind: draft.kind,
        state: 'draft',
        settings: JSON.stringify(settings),
        startsAt: draft.startsAt ?? null,
        endsAt: draft.endsAt ?? null,
        siteIds: reachOf(settings, siteIds),
        createdBy: actor,
        editedBy: actor,
        editors: [actor],
        createdAt: now,
        updatedAt: now,
      })
      .execute();
    await logMove(trx, { id, from: null, to: 'draft', actor, note: '', at: now });
  });
  return id;
}

/** Estates whose people it may reach: those of its audience, within those of whoever writes it. */
export function reachOf(
  { audience }: Pick<CampaignSettings, 'audience'>,
  own: Sites,
): string[] | null {
  const { estateIds = [] } = audience;
  if (own === null) return estateIds.length === 0 ? null : [...estateIds];
  return estateIds.length === 0 ? [...own] : estateIds.filter((id) => own.includes(id));
}

async function refuseFaults({ scriptFaults }: CampaignParts, campaign: Campaign): Promise<void> {
  const faults = await scriptFaults(campaign);
  if (faults.length > 0) throw new ScriptRefusedError(faults);
}

/** An audience without any condition would be everybody we know: never by accident. */
function isNobody({ audience }: CampaignSettings): boolean {
  return Object.keys(audience).every((key) => ['roles', 'isVip'].includes(key));
}
