import type { AudioState } from '../../contract/codes.ts';
import type { EslEvent } from '../esl/connection.ts';

export type AudioReport = {
  state: AudioState;
  counts: Readonly<Record<AudioCount, number>>;
};

const headers = {
  stalls: 'Audio-Stalls',
  failed_legs: 'Audio-Failed-Legs',
  send_errors: 'Audio-Send-Errors',
  unheard_legs: 'Audio-Unheard-Legs',
} as const;
type AudioCount = keyof typeof headers;

/** A switch that has answered nothing for so long plays nothing either: one process does both. */
const deafMs = 7000;

/** What a switch tells of the audio of all its calls, in its heartbeats. */
export class SwitchAudio {
  #state: AudioReport['state'] = 'unknown';
  #answeredAt = 0;
  readonly #counts: Record<AudioCount, number> = {
    ...{ stalls: 0, failed_legs: 0, send_errors: 0, unheard_legs: 0 },
  };

  onConnect(now: number): void {
    this.#state = 'unknown';
    this.#answeredAt = now;
  }

  /** The switch answered a command. */
  onAnswer(now: number): void {
    this.#answeredAt = now;
  }

  onHeartbeat(event: EslEvent): void {
    const state = event['Audio-State'];
    if (state === 'flowing' || state === 'late' || state === 'stopped') this.#state = state;
    for (const [name, header] of Object.entries(headers)) {
      const count = Number(event[header]);
      if (Number.isFinite(count)) this.#counts[name as AudioCount] = count;
    }
  }

  report(now: number): AudioReport {
    const isDeaf = now - this.#answeredAt > deafMs;
    return { state: isDeaf ? 'stopped' : this.#state, counts: { ...this.#counts } };
  }
}
