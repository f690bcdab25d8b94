/** Rows of the REST API under the names the pages use; their shapes are the contract's. */
import type { Static } from 'typebox';
import type {
  CallDetail as CallDetailSchema,
  CallView,
  RecordingView,
} from '../../../src/contract/agents/calls.ts';
import type { Localised } from '../../../src/contract/fields.ts';
import type { EstateView, OwnerHome, OwnerView } from '../../../src/contract/property.ts';

export type {
  BillView as Bill,
  OwnerDetail as PersonDetail,
} from '../../../src/contract/property.ts';
export type {
  WorkOrderDetail,
  WorkOrderStep,
  WorkOrderView as WorkOrder,
} from '../../../src/contract/work-orders.ts';

/** A name or text in both languages. */
export type LocalisedName = Static<typeof Localised>;
export type Estate = Static<typeof EstateView>;
export type Person = Static<typeof OwnerView>;
export type PersonHome = Static<typeof OwnerHome>;
export type Call = Static<typeof CallView>;
export type CallDetail = Static<typeof CallDetailSchema>;
export type CallEvent = CallDetail['events'][number];
export type Recording = Static<typeof RecordingView>;
