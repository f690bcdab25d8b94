import type { Log } from '../../core/log.ts';
import { until } from '../../core/wait.ts';
import { assignments, customerVariables, type Call, type Cti, type Leg } from '../../cti/index.ts';
import { musicFile, ringbackFile } from '../queue/music.ts';
import { ignore } from '../../core/ignore.ts';

/** Which legs hear each other: the telephone side of a conversation, one verb each. */
export interface Lines {
  /** The two talk; whoever either of them talked to is parked. */
  connect(call: Call, leg: Leg): Promise<void>;
  /** Two legs other than the customer's talk. */
  connectLegs(call: Call, one: Leg, other: Leg): Promise<void>;
  /** Nobody hears anybody: the customer has music, the agent silence. */
  separate(call: Call): Promise<void>;
  /** The customer is in nothing any more, whatever it was: a talk, a room, music. */
  park(call: Call): Promise<void>;
  /** The customer hears music from here on. */
  music(call: Call): Promise<void>;
  /** That leg hears nothing any more. */
  quiet(leg: Leg): Promise<void>;
  /** That leg hears a telephone ring. */
  ringback(leg: Leg): Promise<void>;
  /** All of them in one room. */
  gather(call: Call, legs: readonly Leg[]): Promise<void>;
  hangUp(leg: Leg): Promise<void>;
  /** A supervisor's key, as if they had pressed it: 0 listen, 2 to the agent, 3 to both. */
  press(leg: Leg, key: string): Promise<void>;
}

/**
 * What a leg hears as its only application, so that whatever moves it ends it. Queued behind a move it could
 * begin after the next one, and `uuid_break` does not end it: the leg would hear it for ever.
 */
const endless = (file: string) => `endless_playback:\${lt_prompts}/${file},park:`;

/** A bridge that has not come up by then will not. */
const bridgeMs = 5000;

export function createLines(cti: Pick<Cti, 'api'>, log: Log): Lines {
  const order = async (call: Call, command: string): Promise<void> => {
    const reply = await cti.api(call.switchNode, command);
    if (!reply.startsWith('+OK')) log.warn({ callId: call.id, reply }, 'the switch refused a move');
  };
  const lines: Lines = {
    async connect(call, leg) {
      await call.commands.api('uuid_setvar_multi', [assignments(customerVariables)]);
      await order(call, `uuid_bridge ${call.legId} ${leg.id}`);
      await until(
        'the bridge',
        () => call.bridgedTo === leg.id || call.gone.aborted || leg.gone.aborted,
        { timeoutMs: bridgeMs },
      );
      call.gone.throwIfAborted();
    },
    async connectLegs(call, one, other) {
      await order(call, `uuid_bridge ${one.id} ${other.id}`);
      // FreeSWITCH answers before the bridge is up, and loses another move that comes before it.
      await until(
        'the bridge',
        () => one.bridgedTo === other.id || one.gone.aborted || other.gone.aborted,
        { timeoutMs: bridgeMs },
      ).catch(() => log.warn({ callId: call.id }, 'a bridge has not come up'));
    },
    async separate(call) {
      await order(call, `uuid_transfer ${call.legId} -both park inline`);
      await lines.music(call);
    },
    async park(call) {
      await order(call, `uuid_transfer ${call.legId} park inline`);
    },
    async music(call) {
      await order(call, `uuid_transfer ${call.legId} ${endless(musicFile)} inline`);
    },
    async quiet(leg) {
      await cti.api(leg.switchNode, `uuid_transfer ${leg.id} park inline`);
    },
    async ringback(leg) {
      await cti.api(leg.switchNode, `uuid_transfer ${leg.id} ${endless(ringbackFile)} inline`);
    },
    async gather(call, legs) {
      for (const id of [call.legId, ...legs.map((leg) => leg.id)]) {
        await order(call, `uuid_transfer ${id} conference:lt-${call.id}@default inline`);
      }
    },
    async hangUp(leg) {
      if (leg.gone.aborted) return;
      await ignore(
        cti.api(leg.switchNode, `uuid_kill ${leg.id} NORMAL_CLEARING`),
        'the leg may have ended already',
      );
    },
    async press(leg, key) {
      await cti.api(leg.switchNode, `uuid_recv_dtmf ${leg.id} ${key}`);
    },
  };
  return lines;
}
