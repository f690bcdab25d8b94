/**
 * A telephone for demos, tests and load: dials a number and follows a script of keys.
 * `npm run phone -- 4000 --from 13800000001 --keys "2,1,speak,#,listen,hangup"`
 * or is called, in a demo without a carrier: `npm run phone -- --answer any --auto`
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../src/core/errors.ts';
import { stayAtThePhone, type Habit } from './phone/at-the-phone.ts';
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
  --max <seconds>     longest call (300)
npm run phone -- --answer <number|any> [options]
  is called instead: rings when that number, or any that is no other telephone's, is dialled by a demo without a carrier
  --auto              answers by itself: does --keys, or presses 1 whenever it was asked something
  --busy, --ignore    is busy; lets it ring. Without any of these it asks: a answers, d declines, keys, h hangs up
  --calls <n>         leaves after so many calls (stays)
  --api <url>         where the service is (http://127.0.0.1:HTTP_PORT or 8080)`;

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

const defaultApi = `http://127.0.0.1:${process.env['HTTP_PORT'] ?? '8080'}`;

type Read = ReturnType<typeof read>;

function read() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      from: { type: 'string', default: '13800000001' },
      keys: { type: 'string', default: '' },
      record: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: process.env['SIP_PORT'] ?? '5060' },
      calls: { type: 'string' },
      max: { type: 'string', default: '300' },
      answer: { type: 'string' },
      auto: { type: 'boolean', default: false },
      busy: { type: 'boolean', default: false },
      ignore: { type: 'boolean', default: false },
      api: { type: 'string', default: defaultApi },
    },
  });
  return { values, positionals };
}

function settings({ values, positionals }: Read): Settings {
  const [number] = positionals;
  if (number === undefined) throw new Error(usage);
  return {
    number,
    from: values.from,
    host: values.host,
    port: whole('--port', values.port),
    cues: parseScript(values.keys),
    record: values.record,
    calls: whole('--calls', values.calls ?? '1'),
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

async function beCalled(answer: string, { values }: Read): Promise<void> {
  if (!/^(?:any|\d{3,15})$/i.test(answer)) {
    throw new Error(`--answer: "${answer}" is no number\n${usage}`);
  }
  const leaving = new AbortController();
  process.once('SIGINT', () => leaving.abort());
  process.once('SIGTERM', () => leaving.abort());
  const habits = (['auto', 'busy', 'ignore'] as const).filter((one) => values[one]);
  const [habit = 'ask' as Habit, ...more] = habits;
  if (more.length > 0) throw new Error('--auto, --busy, --ignore: choose one of them');
  await stayAtThePhone(
    {
      ...{ answer, habit, from: values.from, host: values.host, record: values.record },
      api: values.api.replace(/\/$/, ''),
      port: whole('--port', values.port),
      cues: parseScript(values.keys),
      calls: values.calls === undefined ? 0 : whole('--calls', values.calls),
      tell: (what) => process.stdout.write(`${new Date().toTimeString().slice(0, 8)} ${what}\n`),
    },
    leaving.signal,
  );
}

try {
  const given = read();
  const { answer } = given.values;
  if (answer !== undefined) {
    await beCalled(answer, given);
    process.exit(0);
  }
  const options = settings(given);
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
