/**
 * A telephone for demos, tests and load: dials a number and follows a script of keys.
 * `npm run phone -- 4000 --from 13800000001 --keys "2,1,speak,#,listen,hangup"`
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../src/core/errors.ts';
import { openTelephone, type Telephone } from './phone/caller.ts';
import { playScript } from './phone/play-script.ts';
import { parseScript, type Cue } from './phone/script.ts';

const usage = `npm run phone -- <number> [options]
  --from <number>     caller number (13800000001)
  --keys <script>     e.g. "2,1,speak,#,listen,hangup"; keys are pressed when the far end has spoken,
                      !1 at once; say=<file.wav>, wait=<seconds>, listen, hangup, vanish
  --record <file>     keep what was heard as WAV
  --host, --port      where the switch is (127.0.0.1, SIP_PORT or 5060)
  --calls <n>         so many calls at once (1); the file of --record gets a number
  --max <seconds>     longest call (300)`;

interface Settings {
  number: string;
  from: string;
  host: string;
  port: number;
  cues: readonly Cue[];
  record: string | undefined;
  calls: number;
  maxSeconds: number;
}

function settings(): Settings {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      from: { type: 'string', default: '13800000001' },
      keys: { type: 'string', default: '' },
      record: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: process.env['SIP_PORT'] ?? '5060' },
      calls: { type: 'string', default: '1' },
      max: { type: 'string', default: '300' },
    },
  });
  const [number] = positionals;
  if (number === undefined) throw new Error(usage);
  return {
    number,
    from: values.from,
    host: values.host,
    port: whole('--port', values.port),
    cues: parseScript(values.keys),
    record: values.record,
    calls: whole('--calls', values.calls),
    maxSeconds: whole('--max', values.max),
  };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`${name}: "${text}" is no whole number`);
  }
  return value;
}

async function call(telephone: Telephone, options: Settings, index: number): Promise<void> {
  const began = Date.now();
  const label = options.calls > 1 ? `#${index + 1} ` : '';
  const tell = (what: string) => {
    const seconds = ((Date.now() - began) / 1000).toFixed(1).padStart(6);
    process.stdout.write(`${seconds} s  ${label}${what}\n`);
  };
  const { record, ...rest } = options;
  const path =
    record === undefined || index === 0 ? record : record.replace(/(\.wav)?$/, `-${index + 1}.wav`);
  const caller = await telephone.dial({ ...rest, ...(path === undefined ? {} : { record: path }) });
  tell(`answered; calling ${options.number} as ${options.from}`);
  try {
    await playScript(caller, options.cues, { tell });
    const isGone = options.cues.at(-1)?.kind === 'vanish';
    if (!isGone) {
      const end = await caller.ended(options.maxSeconds * 1000);
      tell(end.by === 'local' ? 'call ended by us' : 'call ended by the far end');
    }
    tell(
      `heard ${(caller.ear.soundMs / 1000).toFixed(1)} s of sound in ${(caller.ear.totalMs / 1000).toFixed(1)} s`,
    );
    if (caller.ear.soundMs === 0) throw new Error('nothing was heard');
  } finally {
    caller.hangup();
    await caller.close();
  }
}

try {
  const options = settings();
  const telephone = await openTelephone(options.calls);
  const results = await Promise.allSettled(
    Array.from({ length: options.calls }, (_, index) => call(telephone, options, index)),
  );
  await telephone.close();
  const failed = results.filter((one) => one.status === 'rejected');
  for (const one of failed) process.stderr.write(`${messageOf(one.reason)}\n`);
  if (options.calls > 1) {
    process.stdout.write(
      `${results.length - failed.length} of ${results.length} calls went well\n`,
    );
  }
  process.exit(failed.length === 0 ? 0 : 1);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(2);
}
