/** What the name of a file says that a switch took without us: `<dialled>-<caller>-<leg>.wav`. */
export interface TakenFile {
  did: string;
  /** Empty when the caller's number was withheld or was none. */
  callerNumber: string;
  legId: string;
}

/** Undefined for anything that the dialplan did not name. */
export function readName(name: string): TakenFile | undefined {
  const match =
    /^(\d{1,20})-(\d{1,20})-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.\w+$/.exec(
      name,
    );
  if (match === null) return undefined;
  const [, did = '', from = '', legId = ''] = match;
  return { did, callerNumber: from === '0' ? '' : from, legId };
}
