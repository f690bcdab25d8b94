export interface OrganisationEvents {
  /** An account, its rights, sites or skills. */
  'staff.changed': { staffId: string };
  /** A skill, or a reason for a break or of a wrap-up; `list` is `skill`, `breakReason` or `wrapUpReason`. */
  'code.created': { list: string; code: string };
  'code.changed': { list: string; code: string };
}
