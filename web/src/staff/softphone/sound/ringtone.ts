import { attempt } from '../../../shared/browser/attempt.ts';

/** Tones made on the spot: the ring of an offer, and the test tone of the device check. */
export interface Tone {
  stop(): void;
}

interface Sinkable {
  setSinkId?: (id: string) => Promise<void>;
}

/** Two short notes every three seconds: heard in a full room, bearable for eight hours. */
export function ring(volume: number, speaker: string): Tone {
  const context = openContext(speaker);
  if (context === undefined) return silence;
  const play = () => {
    note(context, { hertz: 660, at: 0, lengthSec: 0.22, volume });
    note(context, { hertz: 880, at: 0.26, lengthSec: 0.34, volume });
  };
  play();
  const timer = setInterval(play, 3000);
  return {
    stop() {
      clearInterval(timer);
      void context.close();
    },
  };
}

export function testTone(volume: number, speaker: string): Tone {
  const context = openContext(speaker);
  if (context === undefined) return silence;
  [523, 659, 784].forEach((hertz, index) =>
    note(context, { hertz, at: index * 0.25, lengthSec: 0.24, volume }),
  );
  const timer = setTimeout(() => void context.close(), 1500);
  return {
    stop() {
      clearTimeout(timer);
      void context.close();
    },
  };
}

/** In a browser without sound; the screen rings as well. */
const silence: Tone = { stop: () => undefined };

function openContext(speaker: string): AudioContext | undefined {
  const context = attempt('sound', () => new AudioContext());
  if (context === undefined) return undefined;
  const { setSinkId } = context as Sinkable;
  if (speaker !== '') setSinkId?.call(context, speaker).catch(() => undefined);
  // Refused until the person has touched the page: `watchSound` says so in the bar.
  if (context.state === 'suspended') context.resume().catch(() => undefined);
  return context;
}

function note(
  context: AudioContext,
  {
    hertz,
    at,
    lengthSec,
    volume,
  }: { hertz: number; at: number; lengthSec: number; volume: number },
): void {
  const begin = context.currentTime + at;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(volume * 0.5, begin + 0.015);
  gain.gain.setValueAtTime(volume * 0.5, begin + lengthSec - 0.05);
  gain.gain.linearRampToValueAtTime(0, begin + lengthSec);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(begin);
  oscillator.stop(begin + lengthSec);
}
