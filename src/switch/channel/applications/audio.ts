import {
  concatSources,
  loopSource,
  silenceSource,
  toneSource,
  type AudioSource,
  type Media,
} from '../../rtp/index.ts';
import { ignore } from '../../../core/ignore.ts';

/**
 * What a `playback` argument names: a WAV file, `file_string://a!b`, `silence_stream://ms`,
 * `tone_stream://…`, `local_stream://…` (the hold tune). Undefined when there is no such thing.
 */
export async function openAudio(media: Media, argument: string): Promise<AudioSource | undefined> {
  const text = unquote(argument.trim());
  const [, scheme, rest = ''] = /^([a-z_]+):\/\/(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case undefined:
      return openFile(media, text);
    case 'file':
      return openFile(media, rest);
    case 'file_string': {
      const sources: AudioSource[] = [];
      for (const part of rest.split('!')) {
        const source = await openAudio(media, part);
        // FreeSWITCH goes on with the files that it can open, and fails when the first is missing.
        if (source === undefined && sources.length === 0) return undefined;
        if (source !== undefined) sources.push(source);
      }
      return concatSources(sources);
    }
    case 'silence_stream':
      return silenceSource(Number.parseInt(rest, 10) || 0);
    case 'tone_stream':
      return toneSource(rest);
    case 'local_stream':
      return loopSource(() => toneSource(holdTune) ?? silenceSource(1000));
    default:
      return undefined;
  }
}

/** Four soft notes and a rest, for those who wait without a file of their own. */
const holdTune =
  'v=-18;%(350,50,523);%(350,50,659);%(350,50,784);%(700,100,659);%(350,50,587);%(700,1500,523)';

async function openFile(media: Media, path: string): Promise<AudioSource | undefined> {
  return ignore(media.openWav(path.replace(/^\{[^}]*\}/, '')), 'no such file: nothing is played');
}

function unquote(text: string): string {
  return text.length > 1 && text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1) : text;
}
