/** What is known of a switch when a call has to be placed. */
export interface NodeFacts {
  readonly name: string;
  /** Its connection stands, and this service drives it. */
  readonly isConnected: boolean;
  readonly hasModem: boolean;
}

/** What a call of ours needs of the switch that dials it; `modem` for a fax. */
export type CallNeeds = 'nothing' | 'modem';

export type Placement = { node: string } | { refused: 'not connected' | 'no modem' };

/**
 * Which switch dials a call of ours: the first that can, in the order of the settings, because telephones of agents
 * register at the first and are rung from the switch that has the call. Pure, and the only place where it is decided. A
 * further leg of a call needs no decision: two switches cannot bridge, so that `ring` goes to the switch of its call.
 */
export function place(nodes: readonly NodeFacts[], needs: CallNeeds): Placement {
  const connected = nodes.filter(({ isConnected }) => isConnected);
  if (connected.length === 0) return { refused: 'not connected' };
  const able = connected.filter(({ hasModem }) => needs === 'nothing' || hasModem);
  const [first] = able;
  return first === undefined ? { refused: 'no modem' } : { node: first.name };
}
