import type { TestCallView, TestResult } from '../../contract/campaigns/results.ts';
import { aborted } from '../../core/concurrency/wait.ts';
import type { Clock } from '../../core/clock.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Language } from '../../core/language.ts';
import type { Log } from '../../core/log.ts';
import { SwitchDownError, type Call, type Cti } from '../../cti/index.ts';
import { inScope, type Pool, type Scope } from '../../db/index.ts';
import type { Dialling } from '../../dialling/index.ts';
import { liveVersion } from '../../content/index.ts';
import type { FlowRunner, OutboundGuide } from '../../ivr/index.ts';
import type { Campaigns } from '../campaigns/campaigns.ts';
import { trunkChannelsNow } from '../dialer/trunk-channels.ts';
import { resultOfCause } from '../dialer/results.ts';
import { pickTrunk } from '../dialer/trunks.ts';
import { endOfLostTest, isUnanswered, openTests } from './lost-tests.ts';
import { ignore } from '../../core/ignore.ts';

const spokenLater = 'rendered when it is spoken';

export interface TestCallParts {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Pick<Cti, 'dialCall' | 'call' | 'nodes' | 'isDriving'>;
  runner: Pick<FlowRunner, 'run' | 'prepare'>;
  guide: Pick<OutboundGuide, 'script'>;
  campaigns: Campaigns;
  dialling: Pick<Dialling, 'permit'>;
}

const sweepEveryMs = 5000;
/** Whoever listened shorter than this has not heard the script. */
const heardMs = 3000;

/** Lets staff hear a campaign on their own telephone. No attempt on anybody, and nothing is written of it. */
export class TestCalls {
  readonly #parts: TestCallParts;

  /** Calls that this process places or leads. */
  readonly #own = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: TestCallParts) {
    this.#parts = parts;
  }

  /** Ends, now and then, what a process that died has left; see `endOfLostTest`. */
  start(): void {
    const sweep = () =>
      this.endLost().catch((error: unknown) => {
        this.#parts.log.warn({ reason: messageOf(error) }, 'open test calls not closed');
      });
    this.#timer = setInterval(() => void sweep(), sweepEveryMs);
    this.#timer.unref();
    void sweep();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async endLost(): Promise<void> {
    const { db, cti } = this.#parts;
    // Test calls of the service that drives look lost to every other one.
    if (!cti.isDriving) return;
    const isConnected = cti.nodes.length > 0 && cti.nodes.every((node) => node.isConnected);
    for (const test of await openTests(db)) {
      if (this.#own.has(test.callId)) continue;
      const call = cti.call(test.callId);
      if (call !== undefined) {
        this.#adopt(test.campaignId, call);
        continue;
      }
      const result = endOfLostTest(test, isConnected);
      if (result !== undefined) await this.#end(test.callId, result);
    }
  }

  /** Rings that number; resolves with the call's id. Throws `campaign.no_line`, `switch.down`, and `dial.*`. */
  async place(
    campaignId: string,
    to: { number: string; language: Language },
    by: { actor: string; staffId: string },
  ): Promise<string> {
    const { db, clock, cti, campaigns, dialling } = this.#parts;
    const campaign = await campaigns.find(campaignId);
    if (!cti.nodes.some((node) => node.isConnected)) throw new SwitchDownError();
    const { trunks } = await trunkChannelsNow(db, clock.now());
    const way = pickTrunk(trunks, { number: to.number, estateId: null, now: clock.now() });
    if (typeof way === 'string') throw new NoTrunkFreeError(way);
    const { flowId } = campaign.settings.script;
    const flowVersion = campaign.flowVersion ?? (await liveVersion(db, flowId)) ?? null;
    const callId = newId();
    const wish = { purpose: 'test', callId, staffId: by.staffId } as const;
    const number = await dialling.permit({ ...wish, number: to.number });
    // Before there is a row: nobody takes it for one that was left.
    this.#own.add(callId);
    await db
      .insertInto('campaignTest')
      .values({
        ...{
          callId,
          campaignId,
          version: campaign.version,
          flowVersion,
          ...to,
          requestedBy: by.actor,
          createdAt: clock.now(),
        },
        ...{ answeredAt: null, endedAt: null, result: null },
      })
      .execute();
    try {
      const call = await cti.dialCall({
        callId,
        number,
        did: way.callerId,
        callerId: way.callerId,
        endpoint: { kind: 'gateway', gateway: way.gateway, number },
        ringSec: campaign.settings.ringSec,
        data: { purpose: 'test' },
      });
      void this.#lead(campaignId, call);
    } catch (error) {
      this.#parts.log.warn({ reason: messageOf(error), callId }, 'test call not dialled');
      await this.#end(callId, 'no_line');
    }
    return callId;
  }

  /** What became of a test call of that campaign. Throws `campaign.no_test_call`. */
  async find(scope: Scope, campaignId: string, callId: string): Promise<TestCallView> {
    const row = await inScope(this.#parts.db, scope, 'campaign')
      .innerJoin('campaignTest', 'campaignTest.campaignId', 'campaign.id')
      .select(['campaignTest.answeredAt', 'campaignTest.result'])
      .where('callId', '=', callId)
      .where('campaign.id', '=', campaignId)
      .executeTakeFirst();
    if (row === undefined) throw new NoTestCallError();
    const result = row.result as TestResult | null;
    if (result !== null) return { callId, state: 'ended', result };
    return { callId, state: row.answeredAt === null ? 'ringing' : 'talking', result };
  }

  /** True when the call is one of ours; it is led on. */
  async onAdopted(call: Call): Promise<boolean> {
    const row = await this.#parts.db
      .selectFrom('campaignTest')
      .select('campaignId')
      .where('callId', '=', call.id)
      .executeTakeFirst();
    if (row === undefined) return false;
    this.#adopt(row.campaignId, call);
    return true;
  }

  #adopt(campaignId: string, call: Call): void {
    if (this.#own.has(call.id)) return;
    this.#own.add(call.id);
    void this.#lead(campaignId, call);
  }

  async #lead(campaignId: string, call: Call): Promise<void> {
    const { runner, guide, log } = this.#parts;
    try {
      const script = await guide.script(call.id);
      // While it rings there is time to render the first words.
      if (script !== undefined) void ignore(runner.prepare(script), spokenLater);
      await Promise.race([call.answered, aborted(call.gone)]);
      if (!call.isAnswered) {
        await this.#end(call.id, resultOfTest({ cause: call.hangupCause, heardForMs: null }));
        return;
      }
      const answeredAt = performance.now();
      await this.#answered(call.id);
      await runner.run(call);
      await aborted(call.gone);
      const heardForMs = performance.now() - answeredAt;
      if (heardForMs >= heardMs) await this.#heard(campaignId, call.id);
      await this.#end(call.id, resultOfTest({ cause: call.hangupCause, heardForMs }));
    } catch (error) {
      log.error({ err: error, callId: call.id }, 'test call failed');
      await this.#end(call.id, 'failed');
    }
  }

  /** What it was, when the call was placed, is what was heard. */
  async #heard(campaignId: string, callId: string): Promise<void> {
    const { version, flowVersion } = await this.#parts.db
      .selectFrom('campaignTest')
      .select(['version', 'flowVersion'])
      .where('callId', '=', callId)
      .executeTakeFirstOrThrow();
    await this.#parts.campaigns.markHeard(campaignId, version, flowVersion);
  }

  async #answered(callId: string): Promise<void> {
    const { db, clock } = this.#parts;
    await db
      .updateTable('campaignTest')
      .set({ answeredAt: clock.now() })
      .where('callId', '=', callId)
      .execute();
  }

  /** Never throws: the telephone has rung whatever the row says. */
  async #end(callId: string, result: TestResult): Promise<void> {
    const { db, clock, log } = this.#parts;
    try {
      await db
        .updateTable('campaignTest')
        .set({ endedAt: clock.now(), result })
        .where('callId', '=', callId)
        .where('endedAt', 'is', null)
        .execute();
    } catch (error) {
      log.error({ reason: messageOf(error), callId }, 'end of a test call not written');
    } finally {
      this.#own.delete(callId);
    }
  }
}

/** What a test call came to; `heardForMs` is null when nobody answered. */
export function resultOfTest(end: {
  cause: string | undefined;
  heardForMs: number | null;
}): TestResult {
  if (end.heardForMs !== null) return end.heardForMs >= heardMs ? 'heard' : 'too_short';
  const result = resultOfCause(end.cause ?? 'NO_ANSWER');
  return isUnanswered(result) ? result : 'no_answer';
}

export class NoTestCallError extends AppError {
  constructor() {
    super({
      code: 'campaign.no_test_call',
      status: 404,
      message: 'This campaign made no test call with this id.',
    });
  }
}

export class NoTrunkFreeError extends AppError {
  constructor(why: string) {
    super({
      code: 'campaign.no_line',
      status: 409,
      message: `No trunk can dial this number now (${why}); see /api/v1/trunks.`,
      details: { why },
      retryable: true,
    });
  }
}
