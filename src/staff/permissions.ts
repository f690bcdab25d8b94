import type { StaffRole } from '../db/index.ts';

export type Permission =
  'data.read' | 'numbers.read' | 'recordings.play' | 'flows.read' | 'wall.read';

const permissions: Readonly<Record<StaffRole, readonly Permission[]>> = {
  agent: ['data.read'],
  supervisor: ['data.read', 'numbers.read', 'recordings.play', 'flows.read', 'wall.read'],
  admin: ['data.read', 'numbers.read', 'recordings.play', 'flows.read', 'wall.read'],
};

export function can(role: StaffRole, permission: Permission): boolean {
  return permissions[role].includes(permission);
}
