/**
 * Person or machine, from the first seconds of sound after an answer. Pure and incremental: fed with
 * frames of 20 ms at 8 kHz, it says what it thinks as soon as it is sure. People say 喂 and wait;
 * machines talk on, and end with a tone. Carrier announcements begin with special tones (ITU-T E.180).
 */
export type Answerer = 'person' | 'machine' | 'announcement' | 'fax' | 'silent';

export interface Verdict {
  answerer: Answerer;
  /** Milliseconds after the answer at which it was clear. */
  atMs: number;
  why:
    | 'short_greeting'
    | 'long_greeting'
    | 'many_words'
    | 'beep'
    | 'special_tone'
    | 'fax_tone'
    | 'silence';
}

export interface DetectorState {
  frames: number;
  /** Loudness of the line's own noise, mean absolute sample. */
  noise: number;
  /** Frames of speech so far, of the running word, of quiet within it, of the running pause. */
  speech: number;
  word: number;
  gap: number;
  pause: number;
  words: number;
  /** Frames since the first word began, pauses within included. */
  greeting: number;
  toneHz: number;
  tone: number;
  verdict: Verdict | undefined;
}

export const frameMs = 20;
export const frameSamples = 160;

/** Thresholds in milliseconds; measured on the labelled set of the unit test. */
export interface DetectorLimits {
  /** A greeting longer than this without a pause that a person would make is a machine's. */
  longGreetingMs: number;
  /** Silence after a short greeting: the person waits for us. */
  waitingMs: number;
  /** Nothing at all was said. */
  silenceMs: number;
  /** Words after which it cannot be a person who picks up. */
  words: number;
  /** And not before: short questions have many syllables. */
  manyWordsMs: number;
  beepMs: number;
  shortestWordMs: number;
}

export const defaultLimits: DetectorLimits = {
  longGreetingMs: 2600,
  waitingMs: 800,
  silenceMs: 4000,
  words: 6,
  manyWordsMs: 2000,
  beepMs: 180,
  shortestWordMs: 80,
};

export function startDetecting(): DetectorState {
  return {
    frames: 0,
    noise: 60,
    speech: 0,
    word: 0,
    gap: 0,
    pause: 0,
    words: 0,
    greeting: 0,
    toneHz: 0,
    tone: 0,
    verdict: undefined,
  };
}

/** One more frame of 160 samples. Once there is a verdict it stays. */
export function hear(
  state: DetectorState,
  frame: Int16Array,
  limits: DetectorLimits = defaultLimits,
): DetectorState {
  if (state.verdict !== undefined) return state;
  const loudness = meanAbsolute(frame);
  const isLoud = loudness > Math.max(quietest, state.noise * overNoise);
  const next: DetectorState = {
    ...state,
    frames: state.frames + 1,
    noise: noiseAfter(state.noise, loudness),
  };
  countTone(next, isLoud ? pureTone(frame, loudness) : 0);
  countSpeech(next, isLoud, limits);
  return { ...next, verdict: judge(next, limits) };
}

/** Mean absolute sample below which nothing counts as speech: −52 dB of full scale. */
const quietest = 80;
const overNoise = 3;

/** What is quieter is the line itself, at once; what is louder may be speech, so that it rises slowly. */
function noiseAfter(noise: number, loudness: number): number {
  return loudness < noise ? noise * 0.7 + loudness * 0.3 : noise * 1.005;
}

/** The verdict over a whole stretch of sound; undefined when it was too short to tell. */
export function detect(
  samples: Int16Array,
  limits: DetectorLimits = defaultLimits,
): Verdict | undefined {
  let state = startDetecting();
  for (let at = 0; at + frameSamples <= samples.length; at += frameSamples) {
    state = hear(state, samples.subarray(at, at + frameSamples), limits);
    if (state.verdict !== undefined) return state.verdict;
  }
  return undefined;
}

function countTone(state: DetectorState, hz: number): void {
  const isSame = hz > 0 && Math.abs(hz - state.toneHz) < 40;
  state.tone = isSame ? state.tone + 1 : hz > 0 ? 1 : 0;
  state.toneHz = hz;
}

function countSpeech(state: DetectorState, isLoud: boolean, limits: DetectorLimits): void {
  if (state.words > 0 || state.word > 0) state.greeting += 1;
  if (isLoud) {
    state.gap = 0;
    state.word += 1;
    state.speech += 1;
    if (state.word * frameMs === ceilToFrame(limits.shortestWordMs)) state.words += 1;
    // A click does not end the silence in which a person waits.
    if (state.word * frameMs >= limits.shortestWordMs) state.pause = 0;
    return;
  }
  state.gap += 1;
  // Plosives, and a packet that was lost, do not end a word.
  if (state.gap * frameMs > longestGapMs) state.word = 0;
  state.pause += 1;
}

const longestGapMs = 40;

function judge(state: DetectorState, limits: DetectorLimits): Verdict | undefined {
  const atMs = state.frames * frameMs;
  const verdict = (answerer: Answerer, why: Verdict['why']): Verdict => ({ answerer, why, atMs });
  const toneMs = state.tone * frameMs;
  if (toneMs >= limits.beepMs) {
    // After speech any tone is a machine's beep. At the beginning 950, 1400, 1800 Hz are special
    // information, 1100 and 2100 Hz a fax.
    if (state.speech - state.tone > 3) return verdict('machine', 'beep');
    if (isNear(state.toneHz, [950, 1400, 1800])) return verdict('announcement', 'special_tone');
    if (isNear(state.toneHz, [1100, 2100])) return verdict('fax', 'fax_tone');
    return verdict('machine', 'beep');
  }
  if (state.tone > 2) return undefined;
  if (state.words === 0) {
    return atMs >= limits.silenceMs ? verdict('silent', 'silence') : undefined;
  }
  const spokenMs = (state.greeting - state.pause) * frameMs;
  if (spokenMs >= limits.longGreetingMs) return verdict('machine', 'long_greeting');
  if (state.words >= limits.words && spokenMs >= limits.manyWordsMs) {
    return verdict('machine', 'many_words');
  }
  if (state.pause * frameMs >= limits.waitingMs) return verdict('person', 'short_greeting');
  return undefined;
}

function meanAbsolute(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += Math.abs(sample);
  return sum / frame.length;
}

/**
 * The frequency when the frame is one pure tone, else 0. A sine crosses zero evenly and its mean
 * absolute value is 2/π of its peak; speech does neither.
 */
function pureTone(frame: Int16Array, loudness: number): number {
  const crossings: number[] = [];
  let peak = 0;
  for (let at = 1; at < frame.length; at += 1) {
    const before = frame[at - 1] ?? 0;
    const now = frame[at] ?? 0;
    peak = Math.max(peak, Math.abs(now));
    if (before < 0 && now >= 0) crossings.push(at - 1 + before / (before - now));
  }
  const [first] = crossings;
  const last = crossings.at(-1);
  if (first === undefined || last === undefined || crossings.length < 6) return 0;
  const crest = peak / loudness;
  if (crest < 1.35 || crest > 1.85) return 0;
  const period = (last - first) / (crossings.length - 1);
  const isEven = crossings.every(
    (at, index) => index === 0 || Math.abs(at - (crossings[index - 1] ?? 0) - period) < 0.6,
  );
  return isEven ? 8000 / period : 0;
}

function isNear(hz: number, wanted: readonly number[]): boolean {
  return wanted.some((one) => Math.abs(one - hz) < 25);
}

function ceilToFrame(ms: number): number {
  return Math.ceil(ms / frameMs) * frameMs;
}
