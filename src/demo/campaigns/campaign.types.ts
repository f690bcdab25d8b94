import type { withDefaults } from '../../outbound/index.ts';
import type { GraphEstate } from '../graph.ts';
import type { RowOf } from '../rows.ts';
import type { Stage } from '../stage.ts';
import type { Arrears } from './arrears.ts';
import type { CampaignPlan } from './campaign-plans.ts';

export type CampaignRow = RowOf<'campaign'> & {
  settings: ReturnType<typeof withDefaults>['settings'];
};
export type ContactRow = RowOf<'campaignContact'>;

/** A campaign with its contacts while its calls are made. */
export interface Campaign {
  row: CampaignRow;
  plan: CampaignPlan;
  contacts: ContactRow[];
  /** What each contact counts by under the caps of the rules. */
  subjects: ReadonlyMap<string, string>;
  estates: ReadonlyMap<string, GraphEstate>;
  trunk: NonNullable<Stage['graph']['trunk']>;
  /** Homes that owe, where it is about that. */
  arrears: Arrears | undefined;
}
