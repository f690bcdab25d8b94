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
