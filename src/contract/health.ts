/** How the service is. */
import { Type, type Static } from 'typebox';
import { audioStates, diskStates, outsideCallWays, relayStates } from './codes.ts';
import { closed, oneOf } from './fields.ts';

const UpOrDown = Type.Union([Type.Literal('up'), Type.Literal('down')]);
const Store = Type.Union([Type.Literal('postgres'), Type.Literal('redis')]);

export const Health = closed({
  /** `ready` when calls can be taken. */
  status: Type.Union([Type.Literal('ready'), Type.Literal('not_ready')]),
  /** Red when no calls can be taken, yellow when something needs a hand. */
  colour: Type.Union([Type.Literal('green'), Type.Literal('yellow'), Type.Literal('red')]),
  parts: closed({
    database: UpOrDown,
    switches: Type.Array(
      closed({
        name: Type.String(),
        /** `standby`: connected, but another service drives it. */
        state: Type.Union([Type.Literal('up'), Type.Literal('standby'), Type.Literal('down')]),
        /**
         * What callers hear: `late` when gaps were heard in the last ten seconds; `stopped` is not
         * ready. `unknown` when the switch does not tell, as FreeSWITCH.
         */
        audio: oneOf(audioStates),
      }),
    ),
    jobs: closed({
      store: Store,
      state: UpOrDown,
      waiting: Type.Integer(),
      running: Type.Integer(),
      /** Given up after the last try. */
      failed: Type.Integer(),
    }),
    messages: closed({ store: Store, state: UpOrDown }),
    /** `standby`: another process tells the events. */
    /** Room on the disk of the data folder: calls go on without, recordings are cut. */
    disk: closed({
      state: oneOf(diskStates),
      freeMb: Type.Integer(),
    }),
    events: closed({
      state: oneOf(relayStates),
    }),
  }),
  liveCalls: Type.Integer(),
  /**
   * Where calls to numbers outside go: `test_telephones` in a demo without a carrier, which is the page /phone and
   * `npm run phone -- --answer`, and nobody outside; `none` where no trunk is set up.
   */
  outsideCalls: oneOf(outsideCallWays),
  /** The days whose calls, orders and campaigns a demo has made up; null when nothing is. */
  demoHistory: Type.Union([
    closed({ from: Type.String({ format: 'date' }), to: Type.String({ format: 'date' }) }),
    Type.Null(),
  ]),
});
export type Health = Static<typeof Health>;
