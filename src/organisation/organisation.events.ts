export interface OrganisationEvents {
  /** An account, its rights, sites or skills. */
  'staff.changed': { staffId: string };
}
