import type { StaffRole } from '../db/index.ts';

export type Permission =
  | 'data.read'
  | 'numbers.read'
  | 'recordings.play'
  | 'flows.read'
  | 'wall.read'
  /** Raise orders, move them, add notes, mend what they say. */
  | 'orders.write'
  /** Decide for an owner who cannot be asked. */
  | 'orders.decide'
  /** People, their numbers and homes: an agent ties an unknown number to its owner. */
  | 'owners.write'
  | 'bills.write'
  | 'flows.write'
  | 'flows.publish'
  /** Take a seat, answer, dial. */
  | 'calls.handle'
  /** Listen, speak up, take over; force a state. */
  | 'calls.supervise'
  | 'queues.manage'
  /** How the machinery is: jobs that failed. */
  | 'system.read'
  | 'campaigns.write'
  | 'campaigns.approve';

const agent: readonly Permission[] = ['data.read', 'orders.write', 'owners.write', 'calls.handle'];
const supervisor: readonly Permission[] = [
  ...agent,
  'numbers.read',
  'recordings.play',
  'flows.read',
  'wall.read',
  'orders.decide',
  'bills.write',
  'flows.write',
  'flows.publish',
  'calls.supervise',
  'queues.manage',
  'campaigns.write',
  'campaigns.approve',
];

const permissions: Readonly<Record<StaffRole, readonly Permission[]>> = {
  agent,
  supervisor,
  admin: [...supervisor, 'system.read'],
};

export function can(role: StaffRole, permission: Permission): boolean {
  return permissions[role].includes(permission);
}
