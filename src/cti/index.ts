/** Calls on switches: the only part that speaks the event socket. */
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Pool } from '../db/index.ts';
import { createCallStore } from './call/call-store.ts';
import type { Call } from './call/call.types.ts';
import type { EslAddress } from './esl/connection.ts';
import { SwitchNode } from './nodes/node.ts';

export { CallGoneError } from './call/call.errors.ts';
export type { Call, CallChange, CallCommands } from './call/call.types.ts';
export { SwitchDownError } from './esl/esl.errors.ts';
export * from './verbs/verbs.ts';

export interface CtiOptions {
  db: Pool;
  clock: Clock;
  log: Log;
  nodes: readonly (EslAddress & { name: string })[];
  onCall: (call: Call, how: 'new' | 'adopted') => void;
  onLost: (callId: string) => Promise<void>;
}

export interface Cti {
  start(): void;
  /** Lets go of the switches; live calls stay parked for the next process. */
  stop(): Promise<void>;
  readonly nodes: readonly { name: string; isConnected: boolean }[];
  readonly calls: readonly Call[];
}

export function buildCti(options: CtiOptions): Cti {
  const { db, clock, log, onCall, onLost } = options;
  const store = createCallStore(db, clock);
  const nodes = options.nodes.map(
    ({ name, ...address }) => new SwitchNode({ name, address, store, clock, log, onCall, onLost }),
  );
  let running: Promise<unknown> = Promise.resolve();
  return {
    start() {
      running = Promise.all(nodes.map((node) => node.run()));
    },
    async stop() {
      for (const node of nodes) node.stop();
      await running;
    },
    get nodes() {
      return nodes.map(({ name, isConnected }) => ({ name, isConnected }));
    },
    get calls() {
      return nodes.flatMap((node) => node.calls);
    },
  };
}
