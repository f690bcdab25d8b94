/** Commands that may be sent again after a lost connection: a second time they change nothing. */
export function isRepeatable(command: string): boolean {
  return /^(uuid_setvar|uuid_setvar_multi|uuid_exists|uuid_dump|uuid_getvar|show) /.test(command);
}
