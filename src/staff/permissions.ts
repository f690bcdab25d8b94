import type { StaffRole } from '../db/index.ts';

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

const agent: readonly Permission[] = ['data.read', 'calls.handle', 'orders.write', 'owners.write'];
const office: readonly Permission[] = [
  ...(['data.read', 'numbers.read', 'orders.write', 'owners.write', 'bills.write'] as const),
  ...(['flows.read', 'articles.write'] as const),
];
const supervisor: readonly Permission[] = [
  ...agent,
  ...(['numbers.read', 'recordings.play', 'wall.read', 'calls.supervise'] as const),
  ...(['orders.decide', 'bills.write', 'flows.read', 'flows.write', 'flows.publish'] as const),
  ...(['queues.manage', 'settings.manage', 'audit.read', 'calls.emergency'] as const),
  ...(['articles.write', 'articles.publish'] as const),
  ...(['campaigns.write', 'campaigns.approve'] as const),
];

const permissions: Readonly<Record<StaffRole, readonly Permission[]>> = {
  agent,
  office,
  supervisor,
  admin: [...supervisor, 'staff.manage', 'system.read'],
};

export function can(role: StaffRole, permission: Permission): boolean {
  return permissions[role].includes(permission);
}

export function permissionsOf(role: StaffRole): readonly Permission[] {
  return permissions[role];
}
