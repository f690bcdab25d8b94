/** The demo's own trunk; see docs/settings.md. */
export const demoVariables = { DEMO_TRUNK: 'true' } as const;

export const demoTrunkName = 'demo';
/** It has no address: behind it are telephones that register at the embedded switch. */
export const demoTrunk = { name: demoTrunkName, address: undefined, sources: [] } as const;

/** Where calls to numbers outside go. */
export type OutsideCalls = 'trunks' | 'test_telephones' | 'none';

export interface OutsideFacts {
  isDemo: boolean;
  isWanted: boolean;
  /** Trunks of TRUNKS. */
  trunks: number;
  /** FreeSWITCH nodes of ESL_URLS. */
  nodes: number;
}

/** To the demo's telephones only in a demo, on the embedded switch, and while no carrier is named. Pure. */
export function outsideCallsOf({ isDemo, isWanted, trunks, nodes }: OutsideFacts): OutsideCalls {
  if (trunks > 0) return 'trunks';
  return isDemo && isWanted && nodes === 0 ? 'test_telephones' : 'none';
}

/** The gateway behind which the switch looks for test telephones. */
export function testTrunkOf(config: { outsideCalls: OutsideCalls }): string | undefined {
  return config.outsideCalls === 'test_telephones' ? demoTrunkName : undefined;
}
