/** The demo's own trunk; see docs/settings.md. */
export const demoVariables = { DEMO_TRUNK: 'true' } as const;

export const demoTrunkName = 'demo';

export interface OutsideFacts {
  isDemo: boolean;
  isWanted: boolean;
  /** Trunks of TRUNKS. */
  trunks: number;
  /** FreeSWITCH nodes of ESL_URLS. */
  nodes: number;
}

/**
 * Whether calls to numbers outside end at the demo's telephones: only in a demo, on the embedded switch, and only
 * while no carrier is named. Pure.
 */
export function hasDemoTrunk({ isDemo, isWanted, trunks, nodes }: OutsideFacts): boolean {
  return isDemo && isWanted && trunks === 0 && nodes === 0;
}
