/** Profiles at which telephones register; the embedded switch has one list for all and takes both names. */
const profiles = ['internal', 'phones-tls'] as const;

/** Ends every registration of a telephone. `host` is what the switch calls its own domain (`lt_host`). */
export function endingRegistrations(username: string, host: string): string[] {
  return profiles.map(
    (profile) => `sofia profile ${profile} flush_inbound_reg ${username}@${host}`,
  );
}
