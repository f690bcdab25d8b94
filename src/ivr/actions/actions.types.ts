import type { FlowState } from '../../content/index.ts';
import type { ServeRequest, ServeResult } from '../../agents/index.ts';
import type { Log } from '../../core/log.ts';
import type { Call } from '../../cti/index.ts';
import type { PinChecks } from '../../property/index.ts';
import type { Tts } from '../../tts/index.ts';
import type { OutboundGuide } from '../outbound.types.ts';
import type { CallFacts, Records } from '../records.ts';

/** What the actions of a flow use. */
export interface ActionParts {
  records: Records;
  tts: Tts & { beep(): Promise<string> };
  pins: PinChecks;
  log: Log;
  /** Knows what calls that we dialled are about. */
  outbound: OutboundGuide | undefined;
  transfer: Transfer;
}

/** Connects a caller with a person, and resolves when they have talked or nobody could. */
export type Transfer = (call: Call, request: ServeRequest) => Promise<ServeResult>;

/** A call at a step of its flow. */
export interface Turn {
  call: Call;
  facts: CallFacts;
  state: FlowState;
}
