import { setTimeout as delay } from 'node:timers/promises';
import { recordConversation } from '../../agents/index.ts';
import type { Clock } from '../../core/clock.ts';
import { aborted } from '../../core/concurrency/wait.ts';
import { messageOf } from '../../core/errors.ts';
import { ignore } from '../../core/ignore.ts';
import type { Log } from '../../core/log.ts';
import type { Call } from '../../cti/index.ts';
import type { AttemptRow, Pool } from '../../db/index.ts';
import type { FlowRunner, OutboundGuide } from '../../ivr/index.ts';
import type { Recordings } from '../../recording/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import { sealRecordings } from './attempt-endings.ts';
import { markAnswered } from './attempts.ts';

/** What people who are called hear, and what is kept of it. */
export interface AttemptSpeech {
  runner: Pick<FlowRunner, 'run' | 'prepare'>;
  guide: Pick<OutboundGuide, 'script'>;
  recordings: Recordings;
  /** Listens for answering machines; resolves once it knows. Undefined: no listening. */
  watchMachine?: (call: Call, attempt: AttemptRow, campaign: Campaign) => Promise<void>;
}

export interface AttemptTalkParts {
  db: Pool;
  clock: Clock;
  log: Log;
  speech: AttemptSpeech;
  complain: (error: unknown) => void;
}

const spokenLater = 'rendered when it is spoken';
/** Who has answered waits no longer for the voice than this. */
const wordsMs = 800;

/** What is said in the call of an attempt. */
export class AttemptTalk {
  readonly #parts: AttemptTalkParts;

  constructor(parts: AttemptTalkParts) {
    this.#parts = parts;
  }

  /** Renders the first words, while it rings. Never throws. */
  async prepare(callId: string): Promise<void> {
    const { runner, guide } = this.#parts.speech;
    const script = await ignore(guide.script(callId), spokenLater);
    if (script !== undefined) await ignore(runner.prepare(script), spokenLater);
  }

  /** From the answer until they have gone. */
  async lead(
    attempt: AttemptRow,
    call: Call,
    { campaign, preparing }: { campaign: Campaign | undefined; preparing: Promise<void> },
  ): Promise<void> {
    const { log, complain } = this.#parts;
    const { runner, watchMachine } = this.#parts.speech;
    await Promise.race([preparing, delay(wordsMs)]);
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
    const { recordings } = this.#parts.speech;
    const { log } = this.#parts;
    await ignore(
      recordConversation({ recordings, log }, call),
      'the call goes on without a recording',
    );
    // While the database was away the call may have come to its end: nobody else looks for this row.
    if (call.gone.aborted) await sealRecordings({ recordings, log }, call.id);
  }
}
