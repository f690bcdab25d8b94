/** Codes that the API, the database and the browser share: each union is written once, here. */

/** What one may do. Roles are sets of these; routes ask for a permission, never for a role. */
export type Permission =
  | 'data.read'
  | 'numbers.read'
  | 'recordings.play'
  | 'flows.read'
  /** The live wall: all queues, calls, waiting callers, alarms. */
  | 'wall.read'
  /** Take a seat, answer, dial, pass on. */
  | 'calls.handle'
  /** Listen, whisper, barge, take over; force a state or a log-out. */
  | 'calls.supervise'
  /** Dial 110, 119, 120 and 122. */
  | 'calls.emergency'
  /** Raise orders, move them, add notes, mend what they say. */
  | 'orders.write'
  /** Decide for an owner who cannot be asked. */
  | 'orders.decide'
  /** People, their numbers and homes: an agent ties an unknown number to its owner. */
  | 'owners.write'
  | 'bills.write'
  /** Write drafts of articles and withdrawn ones. */
  | 'articles.write'
  /** Publish, withdraw, and change what callers hear. */
  | 'articles.publish'
  | 'flows.write'
  | 'flows.publish'
  | 'queues.manage'
  /** Skills, reasons, hours. */
  | 'settings.manage'
  | 'audit.read'
  /** Accounts, rights, other people's sessions. */
  | 'staff.manage'
  /** How the machinery is: jobs that failed. */
  | 'system.read'
  | 'campaigns.write'
  | 'campaigns.approve';

/** What belongs to sites. `staff`: accounts that somebody may manage; `colleague`: those they work with. */
export type SiteThing =
  | 'estate'
  | 'room'
  | 'bill'
  | 'person'
  | 'occupancy'
  | 'call'
  | 'campaignCall'
  | 'recording'
  | 'fax'
  | 'alarm'
  | 'hotline'
  | 'article'
  | 'workOrder'
  | 'campaign'
  | 'campaignList'
  | 'doNotCall'
  | 'staff'
  | 'colleague';
/** Of those, what addresses name; the others are told in bodies alone. */
export type NamedThing = Exclude<SiteThing, 'estate' | 'room' | 'campaignList'>;

/** What ids of the demo history have from their 14th character on; `src/demo/demo-ids.ts` says why. */
export const demoIdMark = '8de0';
export const demoIdMarkAt = 14;

/** A list, and one of it: `const callStates = […]; type CallState = OneOf<typeof callStates>`. */
export type OneOf<List extends readonly string[]> = List[number];

// -- staff ---------------------------------------------------------------------------------------

export const staffRoles = ['agent', 'office', 'supervisor', 'admin'] as const;
export type StaffRole = OneOf<typeof staffRoles>;

/** Chosen by an agent, or for them. */
export const presences = ['offline', 'available', 'break'] as const;
export type Presence = OneOf<typeof presences>;

/** What a call makes of an agent. */
export const engagements = ['idle', 'offered', 'talking', 'wrap_up'] as const;
export type Engagement = OneOf<typeof engagements>;

export const phoneKinds = ['browser', 'sip', 'outside'] as const;
export type PhoneKind = OneOf<typeof phoneKinds>;

// -- calls ---------------------------------------------------------------------------------------

export const callDirections = ['inbound', 'outbound'] as const;
export type CallDirection = OneOf<typeof callDirections>;

export const callStates = ['ringing', 'in_flow', 'queued', 'offered', 'talking', 'ended'] as const;
export type CallState = OneOf<typeof callStates>;

export const legRoles = ['caller', 'agent', 'outside', 'supervisor'] as const;
export type LegRole = OneOf<typeof legRoles>;

export const offerKinds = ['queue', 'transfer', 'consult', 'emergency', 'return'] as const;
export type OfferKind = OneOf<typeof offerKinds>;

/** How an offer came to nothing by whoever was asked. */
export const missedOffers = ['declined', 'no_answer', 'unreachable'] as const;
export type MissedOffer = OneOf<typeof missedOffers>;
export type OfferResult = MissedOffer | 'accepted' | 'withdrawn';

/** A supervisor in somebody else's conversation. */
export const listeningModes = ['listen', 'whisper', 'barge'] as const;
export type ListeningMode = OneOf<typeof listeningModes>;
export const superviseModes = [...listeningModes, 'take_over'] as const;

export const recordingStates = ['recording', 'ready', 'failed'] as const;
export type RecordingState = OneOf<typeof recordingStates>;

// -- people and property -------------------------------------------------------------------------

export const roomStates = ['occupied', 'vacant', 'decorating'] as const;
export type RoomState = OneOf<typeof roomStates>;

export const occupancyRoles = ['owner', 'tenant', 'family'] as const;
export type OccupancyRole = OneOf<typeof occupancyRoles>;

/** How staff know that a number or an address is the person's own. */
export const verifications = ['in_person', 'contract', 'code'] as const;
export type Verification = OneOf<typeof verifications>;

export const billKinds = [
  'property',
  'water',
  'electricity',
  'gas',
  'telephone',
  'parking',
] as const;
export type BillKind = OneOf<typeof billKinds>;

// -- messages ------------------------------------------------------------------------------------

export const messageChannels = ['sms', 'email', 'fax'] as const;
export type MessageChannel = OneOf<typeof messageChannels>;

/** Ways to reach a person. */
export const contactChannels = ['call', ...messageChannels] as const;
export type ContactChannel = OneOf<typeof contactChannels>;

/** Of addresses that staff keep; the numbers of telephones stand for themselves. */
export const addressChannels = ['email', 'fax'] as const;
export type AddressChannel = OneOf<typeof addressChannels>;

export const messageStates = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'failed',
  'unknown',
] as const;
export type MessageState = OneOf<typeof messageStates>;

export const messagePurposes = ['fallback', 'payment_link', 'notice', 'article'] as const;
export type MessagePurpose = OneOf<typeof messagePurposes>;

/** What a text of a person asks for. */
export const incomingAsks = ['stop', 'nothing'] as const;
export type IncomingAsk = OneOf<typeof incomingAsks>;

export const faxSendingStates = ['waiting', 'sending', 'sent', 'failed'] as const;
export type FaxSendingState = OneOf<typeof faxSendingStates>;

// -- work orders ---------------------------------------------------------------------------------

export const workOrderKinds = [
  'repair',
  'complaint',
  'suggestion',
  'message',
  'consultation',
  'booking',
  'listing',
  'emergency',
  'decoration',
  'other',
] as const;
export type WorkOrderKind = OneOf<typeof workOrderKinds>;

export const workOrderStates = [
  'new',
  'accepted',
  'dispatched',
  'in_progress',
  'done',
  'confirmed',
  'closed',
  'cancelled',
] as const;
export type WorkOrderState = OneOf<typeof workOrderStates>;

export const severities = ['minor', 'serious'] as const;
export type Severity = OneOf<typeof severities>;

export const orderSources = ['ivr', 'agent', 'web', 'api'] as const;
export type OrderSource = OneOf<typeof orderSources>;

export const orderStepKinds = ['transition', 'note', 'edit'] as const;
export type OrderStepKind = OneOf<typeof orderStepKinds>;

// -- content -------------------------------------------------------------------------------------

/** In the order in which callers hear them. */
export const articleTopics = [
  'estate_profile',
  'company',
  'decoration',
  'policy',
  'buying_guide',
  'daily_life',
  'how_to',
  'street',
  'service_centre',
  'rules',
] as const;
export type ArticleTopic = OneOf<typeof articleTopics>;

export const articleStates = ['draft', 'published', 'withdrawn'] as const;
export type ArticleState = OneOf<typeof articleStates>;

// -- campaigns -----------------------------------------------------------------------------------

export const campaignKinds = [
  'notice',
  'arrears',
  'survey',
  'return_visit',
  'morning_call',
  'agent_list',
] as const;
export type CampaignKind = OneOf<typeof campaignKinds>;

export const campaignPurposes = [
  'collection',
  'service',
  'research',
  'marketing',
  'emergency',
] as const;
export type CampaignPurpose = OneOf<typeof campaignPurposes>;

export const campaignStates = [
  'draft',
  'submitted',
  'approved',
  'running',
  'paused',
  'finished',
  'stopped',
  'cancelled',
] as const;
export type CampaignState = OneOf<typeof campaignStates>;

export const contactStates = [
  'waiting',
  'dialling',
  'reached',
  'unreached',
  'excluded',
  'stopped',
] as const;
export type ContactState = OneOf<typeof contactStates>;

export const doNotCallSources = ['call', 'staff', 'owner', 'import'] as const;
export type DoNotCallSource = OneOf<typeof doNotCallSources>;

/** How a contact is shown before its campaign begins: called now, called later, written to first, or left out. */
export const callStandings = ['now', 'later', 'written_first', 'excluded'] as const;
export type CallStandingCode = OneOf<typeof callStandings>;

/** Campaigns with agents: how calls are started for them. */
export const pacingModes = ['progressive', 'predictive', 'preview'] as const;
export type PacingMode = OneOf<typeof pacingModes>;

/**
 * What counts as the abandoned share. `live`: of calls answered by people (FTC, 16 CFR 310.4). `ofcom`:
 * machines that were taken for such by mistake are people too. `answered`: of all that were answered.
 */
export const abandonFormulas = ['live', 'ofcom', 'answered'] as const;
export type AbandonFormula = OneOf<typeof abandonFormulas>;

export const repetitions = ['day', 'week', 'month'] as const;

export const resultGroups = ['building', 'hour', 'estate'] as const;
export type ResultGroup = OneOf<typeof resultGroups>;

// -- queues, reports, health -----------------------------------------------------------------------

export const queueStrategies = [
  'longest_idle',
  'fewest_calls',
  'ring_all',
  'round_robin',
  'top_down',
  'skill_level',
] as const;

/**
 * `nobody_reached`: all duty phones were rung for an emergency, or there are none. `dial_spend`: more calls outside in
 * an hour than the settings expect. `disk_low`: the disk of the data folder runs full, or is. `pin_guessed`: an owner's
 * PIN, or from one number, was guessed so often that it was locked again.
 */
export const alarmKinds = [
  'emergency',
  'service_level',
  'long_wait',
  'switch_down',
  'nobody_reached',
  'dial_spend',
  'disk_low',
  'pin_guessed',
] as const;
export type AlarmKind = OneOf<typeof alarmKinds>;

export const queueReportGroups = ['hotline', 'site', 'queue', 'day', 'hour'] as const;
export type QueueReportGroup = OneOf<typeof queueReportGroups>;

export const satisfactionGroups = ['queue', 'agent', 'hotline', 'day'] as const;
export type SatisfactionGroup = OneOf<typeof satisfactionGroups>;

/**
 * What callers hear: `late` when gaps were heard in the last ten seconds; `unknown` when the switch does not tell, as
 * FreeSWITCH, or was connected a moment ago.
 */
export const audioStates = ['flowing', 'late', 'stopped', 'unknown'] as const;
export type AudioState = OneOf<typeof audioStates>;

/** How much room is left for recordings and the database. */
export const diskStates = ['ok', 'low', 'full'] as const;
export type DiskState = OneOf<typeof diskStates>;

export const relayStates = ['leading', 'standby', 'down'] as const;
export type RelayState = OneOf<typeof relayStates>;

/**
 * Where calls to numbers outside go: `test_telephones` in a demo without a carrier, which is the page /phone and
 * `npm run phone -- --answer`, and nobody outside; `none` where no trunk is set up.
 */
export const outsideCallWays = ['trunks', 'test_telephones', 'none'] as const;
export type OutsideCalls = OneOf<typeof outsideCallWays>;
