import type { OutsideCalls } from '../contract/codes.ts';

/** The demo's own trunk, telephones and past; see docs/settings.md. */
export const demoVariables = {
  DEMO_TRUNK: 'true',
  DEMO_PHONES: 'auto',
  DEMO_HISTORY: 'true',
} as const;

export const demoTrunkName = 'demo';
/** It has no address: behind it are telephones that register at the embedded switch. */
export const demoTrunk = { name: demoTrunkName, address: undefined, sources: [] } as const;

/** Whether anybody on this machine may call as anybody; if not, why. */
export type DemoPhones = 'open' | 'no_demo' | 'carrier' | 'setting';

/** In a demo, while no carrier is named or when the setting says so. Pure. */
export function demoPhonesOf(
  wish: string,
  { isDemo, trunks }: { isDemo: boolean; trunks: number },
): DemoPhones {
  if (!isDemo) return 'no_demo';
  if (wish === 'false') return 'setting';
  return trunks > 0 && wish === 'auto' ? 'carrier' : 'open';
}

export interface OutsideFacts {
  demoPhones: DemoPhones;
  isWanted: boolean;
  /** Trunks of TRUNKS. */
  trunks: number;
  /** FreeSWITCH nodes of ESL_URLS. */
  nodes: number;
}

/** To the demo's telephones only in a demo, on the embedded switch, and while no carrier is named. Pure. */
export function outsideCallsOf({
  demoPhones,
  isWanted,
  trunks,
  nodes,
}: OutsideFacts): OutsideCalls {
  if (trunks > 0) return 'trunks';
  return demoPhones === 'open' && isWanted && nodes === 0 ? 'test_telephones' : 'none';
}

/** The gateway behind which the switch looks for test telephones. */
export function testTrunkOf(config: { outsideCalls: OutsideCalls }): string | undefined {
  return config.outsideCalls === 'test_telephones' ? demoTrunkName : undefined;
}
