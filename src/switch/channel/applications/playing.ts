import type { Media } from '../../rtp/index.ts';
import { openAudio } from './audio.ts';
import type { Channel } from '../channel.ts';
import type { Run } from '../channel.types.ts';
import { splitArguments } from '../arguments.ts';
import { compilePattern } from '../../../core/pattern.ts';

/** How a file ended: heard to the end, stopped, or never found. */
type Played = 'done' | 'break' | 'missing';

interface PlayOptions {
  /** Called for each key while it plays; true stops it. */
  onDigit?: (digit: string) => boolean;
}

/** Plays one argument with its PLAYBACK_START and PLAYBACK_STOP. */
export async function playFile(
  channel: Channel,
  media: Media,
  file: string,
  run: Run,
  options: PlayOptions = {},
): Promise<Played> {
  await channel.preAnswer();
  const source = await openAudio(media, file);
  if (source === undefined) return 'missing';
  if (run.signal.aborted) return 'break';
  channel.publish('PLAYBACK_START', [['Playback-File-Path', file]]);
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  const watching = watchDigits(channel, signal, options.onDigit, stop);
  const { isBroken, samples } = await channel.player.play(channel.media, source, signal);
  const wasBroken = isBroken;
  stop.abort();
  await watching;
  channel.variables.set('playback_samples', String(samples));
  channel.variables.set('playback_ms', String(Math.round(samples / 8)));
  channel.variables.set('playback_seconds', String(Math.floor(samples / 8000)));
  channel.publish('PLAYBACK_STOP', [
    ['Playback-File-Path', file],
    ['Playback-Status', wasBroken ? 'break' : 'done'],
  ]);
  return wasBroken ? 'break' : 'done';
}

async function watchDigits(
  channel: Channel,
  signal: AbortSignal,
  onDigit: PlayOptions['onDigit'],
  stop: AbortController,
): Promise<void> {
  if (onDigit === undefined) return;
  while (!signal.aborted) {
    await channel.keys.wait(signal);
    if (signal.aborted || channel.keys.isEmpty) continue;
    const digit = channel.keys.take();
    if (digit !== undefined && onDigit(digit)) stop.abort();
  }
}

/** The keys that end a playback or recording: `playback_terminators`, `*` unless it says otherwise. */
function terminatorsOf(channel: Channel): string {
  const wanted = channel.variables.get('playback_terminators');
  if (wanted === undefined) return '*';
  if (wanted === 'any') return '0123456789*#ABCD';
  return wanted === 'none' ? '' : wanted;
}

export async function playback(
  channel: Channel,
  media: Media,
  argument: string,
  run: Run,
): Promise<string> {
  const terminators = terminatorsOf(channel);
  channel.variables.delete('playback_terminator_used');
  const played = await playFile(channel, media, argument, run, {
    onDigit: (digit) => {
      if (!terminators.includes(digit)) return false;
      channel.variables.set('playback_terminator_used', digit);
      return true;
    },
  });
  if (channel.isGone) return 'PLAYBACK ERROR';
  return played === 'missing' ? 'FILE NOT FOUND' : 'FILE PLAYED';
}

/** What `play_and_get_digits` and `read` ask for. */
interface DigitsWanted {
  min: number;
  max: number;
  tries: number;
  timeoutMs: number;
  terminators: string;
  file: string;
  invalidFile: string;
  variable: string;
  pattern: RegExp | undefined;
  digitTimeoutMs: number;
}

/** `<min> <max> <tries> <timeout> <terminators> <file> <invalid> [<var> [<regexp> [<digit timeout>]]]` */
export async function playAndGetDigits(
  channel: Channel,
  media: Media,
  argument: string,
  run: Run,
): Promise<string> {
  const [min, max, tries, timeout, terminators, file, invalid, variable, pattern, digitTimeout] =
    splitArguments(argument);
  if (file === undefined) return '_none_';
  const timeoutMs = Number(timeout) || 5000;
  const wanted: DigitsWanted = {
    min: Number(min) || 0,
    max: Number(max) || 1,
    tries: Math.max(1, Number(tries) || 1),
    timeoutMs,
    terminators: terminators === 'none' || terminators === undefined ? '' : terminators,
    file,
    invalidFile: invalid ?? '',
    variable: variable ?? '',
    pattern: compile(pattern),
    digitTimeoutMs: Number(digitTimeout) || timeoutMs,
  };
  channel.setVariable(wanted.variable, undefined);
  channel.setVariable(`${wanted.variable}_invalid`, undefined);
  for (let turn = 0; turn < wanted.tries && !run.signal.aborted; turn += 1) {
    const { digits, isComplete } = await readOnce(channel, media, wanted, run);
    channel.setVariable('read_result', isComplete ? 'success' : 'failure');
    if (isComplete && digits !== '') {
      if (wanted.pattern === undefined || wanted.pattern.test(digits)) return '_none_';
      channel.setVariable(wanted.variable, undefined);
      channel.setVariable(`${wanted.variable}_invalid`, digits);
    }
    if (run.signal.aborted) break;
    if (wanted.invalidFile !== '') await playFile(channel, media, wanted.invalidFile, run);
  }
  return '_none_';
}

/** `<min> <max> <file> <var> <timeout> <terminators> [<digit timeout>]` */
export async function read(
  channel: Channel,
  media: Media,
  argument: string,
  run: Run,
): Promise<string> {
  const [min, max, file, variable, timeout, terminators, digitTimeout] = splitArguments(argument);
  if (variable === undefined) return '_none_';
  const timeoutMs = Number(timeout) || 1000;
  await readOnce(
    channel,
    media,
    {
      min: Number(min) || 0,
      max: Number(max) || 1,
      tries: 1,
      timeoutMs,
      terminators: terminators === 'none' || terminators === undefined ? '' : terminators,
      file: file ?? '',
      invalidFile: '',
      variable,
      pattern: undefined,
      digitTimeoutMs: Number(digitTimeout) || timeoutMs,
    },
    run,
  );
  return '_none_';
}

async function readOnce(
  channel: Channel,
  media: Media,
  wanted: DigitsWanted,
  run: Run,
): Promise<{ digits: string; isComplete: boolean }> {
  let digits = '';
  let terminator: string | undefined;
  channel.variables.delete('read_terminator_used');
  channel.variables.delete('read_result');
  const take = (digit: string) => {
    if (wanted.terminators.includes(digit)) terminator = digit;
    else digits += digit;
  };
  if (wanted.file !== '' && wanted.file !== 'silence') {
    await playFile(channel, media, wanted.file, run, {
      onDigit: (digit) => {
        take(digit);
        return true;
      },
    });
  }
  const isDone = () => terminator !== undefined || digits.length >= wanted.max;
  while (!isDone() && !run.signal.aborted) {
    const waitMs = digits === '' ? wanted.timeoutMs : wanted.digitTimeoutMs;
    await channel.keys.wait(run.signal, waitMs);
    const digit = channel.keys.take();
    if (digit === undefined) break;
    take(digit);
  }
  const isComplete = digits.length >= wanted.min && (isDone() || digits !== '');
  const isTimeout = !isDone();
  channel.setVariable(wanted.variable, digits);
  channel.setVariable('read_terminator_used', terminator);
  channel.setVariable(
    'read_result',
    isDone() && isComplete ? 'success' : isTimeout ? 'timeout' : 'failure',
  );
  return { digits, isComplete };
}

function compile(pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined || pattern === '') return undefined;
  return compilePattern(pattern);
}

/** `<path> [<limit s> [<energy> [<silence s>]]]`, ended by a terminator key, silence or the limit. */
export async function record(channel: Channel, argument: string, run: Run): Promise<string> {
  const [path, limit, level, silenceSec] = splitArguments(argument);
  await channel.preAnswer();
  const media = channel.media;
  if (path === undefined || media === undefined) return '_none_';
  const terminators = terminatorsOf(channel);
  channel.variables.delete('playback_terminator_used');
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  const recorder = media.taps.record({
    path,
    mode: 'incoming',
    ...(Number(limit) > 0 ? { limitMs: Number(limit) * 1000 } : {}),
    ...(Number(level) > 0 && Number(silenceSec) > 0
      ? { silence: { level: Number(level), durationMs: Number(silenceSec) * 1000 } }
      : {}),
    onStopped: () => stop.abort(),
  });
  channel.publish('RECORD_START', [['Record-File-Path', path]]);
  await watchDigits(
    channel,
    signal,
    (digit) => {
      if (!terminators.includes(digit)) return false;
      channel.variables.set('playback_terminator_used', digit);
      return true;
    },
    stop,
  );
  const result = recorder.stop();
  channel.variables.set('record_ms', String(result.durationMs));
  channel.variables.set('record_samples', String(result.samples));
  channel.variables.set('record_seconds', String(Math.floor(result.durationMs / 1000)));
  channel.publish('RECORD_STOP', [['Record-File-Path', path]]);
  return '_none_';
}

/** Records the leg from now on, beside whatever else it does: `record_session`, `uuid_record start`. */
export function startRecording(channel: Channel, path: string, limitSec?: number): void {
  const media = channel.media;
  if (media === undefined || channel.recorders.has(path)) return;
  const recorder = media.taps.record({
    path,
    mode: channel.isTrue('RECORD_STEREO') ? 'stereo' : 'mixed',
    ...(limitSec === undefined || limitSec <= 0 ? {} : { limitMs: limitSec * 1000 }),
    onStopped: () => {
      if (!channel.recorders.delete(path)) return;
      channel.publish('RECORD_STOP', [['Record-File-Path', path]]);
    },
  });
  channel.recorders.set(path, recorder);
  channel.publish('RECORD_START', [['Record-File-Path', path]]);
}
