import { aborted } from '../../core/concurrency/wait.ts';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Call, Cti } from '../../cti/index.ts';
import type { AttemptRow, Pool } from '../../db/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import type { AttemptEndings } from './attempt-endings.ts';
import type { AttemptTalk } from './attempt-talk.ts';
import type { Ending } from './attempts.ts';
import type { Claimed } from './claim.ts';
import { noteTrunk } from './trunk-channels.ts';
import { resultOfCause, trunkProof } from './results.ts';

export interface AttemptCallsParts {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Pick<Cti, 'dialCall'>;
  talk: AttemptTalk;
  endings: AttemptEndings;
  /** A trunk channel is free again. */
  onFree: () => void;
  complain: (error: unknown) => void;
}

/** Whoever hangs up sooner has not heard what it is about. */
const earlyMs = 6000;

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
    const { db, clock, log, talk, complain } = this.#parts;
    this.#followed.set(attempt.id, call);
    try {
      // While it rings there is time to render the first words.
      const preparing = talk.prepare(call.id);
      await Promise.race([call.answered, aborted(call.gone)]);
      let isAnswered = call.isAnswered;
      let talkedMs = 0;
      if (isAnswered) {
        const answeredAt = attempt.answeredAt ?? clock.now();
        await talk.lead(attempt, call, { campaign, preparing });
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

  /** Closes an attempt; see `AttemptEndings`. */
  async finalise(ending: Ending): Promise<void> {
    await this.#parts.endings.finalise(ending);
    this.#followed.delete(ending.attemptId);
    this.#parts.onFree();
  }
}
