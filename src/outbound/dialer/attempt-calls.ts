import { setTimeout as delay } from 'node:timers/promises';
import { aborted } from '../../core/concurrency/wait.ts';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Call, Cti } from '../../cti/index.ts';
import type { AttemptRow, Pool } from '../../db/index.ts';
import { recordConversation } from '../../agents/index.ts';
import type { FlowRunner, OutboundGuide } from '../../ivr/index.ts';
import type { Recordings } from '../../recording/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import { markAnswered, finaliseAttempt, type Ending } from './attempts.ts';
import type { Claimed } from './claim.ts';
import { noteTrunk } from './trunk-channels.ts';
import { resultOfCause, trunkProof } from './results.ts';
import { ignore } from '../../core/ignore.ts';

const spokenLater = 'rendered when it is spoken';

export interface AttemptCallsParts {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Pick<Cti, 'dialCall'>;
  runner: Pick<FlowRunner, 'run' | 'prepare'>;
  guide: Pick<OutboundGuide, 'script'>;
  recordings: Recordings;
  /** Asks for the next channel for a contact that nobody reached. */
  fallBack: (contactId: string) => Promise<void>;
  /** Listens for answering machines; resolves once it knows. Undefined: no listening. */
  watchMachine?: (call: Call, attempt: AttemptRow, campaign: Campaign) => Promise<void>;
  /** No more tries once the process is to end. */
  stopping: AbortSignal;
  /** A line is free again. */
  onFree: () => void;
  complain: (error: unknown) => void;
}

/** Whoever hangs up sooner has not heard what it is about. */
const earlyMs = 6000;
/** Who has answered waits no longer for the voice than this. */
const wordsMs = 800;

/** The calls of attempts, each from the first ring to its result. */
export class AttemptCalls {
  readonly #parts: AttemptCallsParts;
  /** Attempts that this process follows, by id. */
  readonly #followed = new Map<string, Call | undefined>();

  constructor(parts: AttemptCallsParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#followed.size;
  }

  isFollowed(attemptId: string): boolean {
    return this.#followed.has(attemptId);
  }

  callOf(attemptId: string): Call | undefined {
    return this.#followed.get(attemptId);
  }

  /**
   * The attempt is written. Once the call's own row is, too, `#isStillWanted` looks at the contact and the campaign for
   * the last time; then the switch is asked.
   */
  async dial(campaign: Campaign, { attempt, way, hasOtherTrunk }: Claimed): Promise<void> {
    const { cti, log } = this.#parts;
    this.#followed.set(attempt.id, undefined);
    let call: Call;
    try {
      call = await cti.dialCall({
        callId: attempt.callId,
        number: attempt.number,
        did: way.callerId,
        callerId: way.callerId,
        endpoint: { kind: 'gateway', gateway: way.gateway, number: attempt.number },
        ringSec: campaign.settings.ringSec,
        data: { purpose: 'campaign', attempt: attempt.id },
        before: () => this.#isStillWanted(attempt),
      });
    } catch (error) {
      log.warn({ reason: messageOf(error), callId: attempt.callId }, 'attempt not dialled');
      await this.finalise({
        attemptId: attempt.id,
        result: 'no_line',
        hangupCause: null,
        isRepeatable: hasOtherTrunk,
      });
      return;
    }
    await this.follow(attempt, call, hasOtherTrunk, campaign);
  }

  /** Read last of all: whoever paid, or whose campaign was stopped, in this instant does not ring. */
  async #isStillWanted({ contactId }: AttemptRow): Promise<boolean> {
    const found = await this.#parts.db
      .selectFrom('campaignContact')
      .innerJoin('campaign', 'campaign.id', 'campaignContact.campaignId')
      .select(['campaignContact.state', 'campaign.state as campaignState'])
      .where('campaignContact.id', '=', contactId)
      .executeTakeFirst();
    return found?.state === 'dialling' && found.campaignState !== 'stopped';
  }

  /** From ringing to the end, whoever began it. Never throws. */
  async follow(
    attempt: AttemptRow,
    call: Call,
    hasOtherTrunk: boolean,
    campaign?: Campaign,
  ): Promise<void> {
    const { db, clock, log, complain } = this.#parts;
    this.#followed.set(attempt.id, call);
    try {
      // While it rings there is time to render the first words.
      const preparing = this.#prepareWords(call.id);
      await Promise.race([call.answered, aborted(call.gone)]);
      let isAnswered = call.isAnswered;
      let talkedMs = 0;
      if (isAnswered) {
        const answeredAt = attempt.answeredAt ?? clock.now();
        await Promise.race([preparing, delay(wordsMs)]);
        await this.#talk(attempt, call, campaign);
        talkedMs = clock.now().getTime() - answeredAt.getTime();
      } else isAnswered = attempt.state === 'answered';
      const cause = call.hangupCause ?? 'NORMAL_CLEARING';
      const proof = trunkProof(call.hangupCause, isAnswered);
      if (proof !== undefined) {
        await noteTrunk(db, clock, attempt.trunkId, proof).catch(complain);
      }
      const heard = talkedMs < earlyMs ? 'hung_up_early' : 'unconfirmed';
      await this.finalise({
        attemptId: attempt.id,
        result: isAnswered ? heard : resultOfCause(cause),
        hangupCause: cause,
        isRepeatable: proof === 'failed' && hasOtherTrunk,
      });
    } catch (error) {
      // The sweep finds the attempt and reads from the rows what became of it.
      log.error({ reason: messageOf(error), callId: call.id }, 'attempt without a call');
    } finally {
      this.#followed.delete(attempt.id);
    }
  }

  async #talk(attempt: AttemptRow, call: Call, campaign: Campaign | undefined): Promise<void> {
    const { runner, watchMachine, log, complain } = this.#parts;
    // Speaking does not wait for the row: it is there for a restart, and for the screens.
    const marking = markAnswered(this.#parts, attempt.id).catch(complain);
    // What was said is evidence. A talk with an agent goes on in the same recording.
    void this.#record(call);
    if (campaign !== undefined && watchMachine !== undefined) {
      void watchMachine(call, attempt, campaign).catch((error: unknown) => {
        log.debug({ reason: messageOf(error), callId: call.id }, 'machine detection failed');
      });
    }
    await runner.run(call).catch(complain);
    await aborted(call.gone);
    await marking;
  }

  async #record(call: Call): Promise<void> {
    await ignore(recordConversation(this.#parts, call), 'the call goes on without a recording');
    // While the database was away the call may have come to its end: nobody else looks for this row.
    if (call.gone.aborted) await this.#seal(call.id);
  }

  /** Recordings of a call that is over, also of one whose end nobody saw. */
  async #seal(callId: string): Promise<void> {
    const { recordings, log } = this.#parts;
    try {
      for (const { id, purpose } of await recordings.unfinished(callId)) {
        if (purpose === 'call') await recordings.finish(id);
      }
    } catch (error) {
      log.error({ reason: messageOf(error), callId }, 'recording not sealed');
    }
  }

  async #prepareWords(callId: string): Promise<void> {
    const script = await ignore(this.#parts.guide.script(callId), spokenLater);
    if (script !== undefined) await ignore(this.#parts.runner.prepare(script), spokenLater);
  }

  /** The result must not be lost when the database is away for a while. */
  async finalise(ending: Ending): Promise<void> {
    const { fallBack, stopping, complain, onFree } = this.#parts;
    for (let tries = 0; !stopping.aborted; tries += 1) {
      try {
        const finalised = await finaliseAttempt(this.#parts, ending);
        if (finalised?.needsFallback === true) await fallBack(finalised.contactId);
        if (finalised?.wasAnswered === true) await this.#seal(finalised.callId);
        break;
      } catch (error) {
        complain(error);
        await delay(Math.min(5000, 200 * 2 ** tries));
      }
    }
    this.#followed.delete(ending.attemptId);
    onFree();
  }
}
