import type { Permission } from '../../contract/codes.ts';
import type { StaffRole } from '../../db/index.ts';

export type { Permission } from '../../contract/codes.ts';

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
