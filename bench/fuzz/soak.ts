import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../../src/core/program.ts';
import { defaultSipLimits } from '../../src/switch/sip/index.ts';
import { cpuMs } from '../cpu.ts';
import type { Bench, Figure } from '../figure.ts';
import { randomFrom, pick } from './random.ts';
import { generate as rtpDatagram } from './rtp.ts';
import { bridgeCalls, keepCall, Leader, normalCall, type KeptCall } from './soak-calls.ts';
import { answers, commands } from './soak-event-socket.ts';
import type { Memory } from './soak-memory.ts';
import type { ReadersResult, ReadersRound } from './soak-readers.ts';
import { Strangers } from './soak-sip.ts';
import { raised, startSoakSwitch, type SoakSwitch } from './soak-switch.ts';

/** One round: what goes over real sockets, and what the readers alone are given meanwhile. */
const round = {
  sockets: { udp: 1300, tcp: 180, webSocket: 180, rtp: 12_400, commands: 720, answers: 720 },
  readers: { sip: 1200, sdp: 1700, rtp: 4300, eventSocket: 1300 },
} as const;
const perRound = sum(round.sockets) + sum(round.readers);
const socketShare = sum(round.sockets) / perRound;
/** Of the rounds with the limits as they are by default; behind them fewer messages reach the deeper code. */
const guardedShare = 0.25;
const keptCalls = 12;
/** Connections of each kind that are open at a time. */
const lanes = [0, 1, 2, 3];
/** Memory is compared with what it was after so many rounds of a switch, at the most a tenth of them. */
const warmRounds = 60;
/** What the switch says of files that a command named and that cannot be: told in words, and as it should be. */
const ofFiles = '"msg":"recording not started"';
/** And of its clock, which is the machine's load as often as its own: counted. */
const ofClock = '"msg":"audio had stopped for all calls';
const growthLimit = { factor: 1.3, extraMb: 50, liveMb: 20 };

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}

function option(name: string): string | undefined {
  return process.argv.find((one) => one.startsWith(`--${name}=`))?.split('=')[1];
}

interface State {
  seed: number;
  /** Rounds that are done. */
  rounds: number;
}

/**
 * Seeded nonsense against a switch that really runs: `npm run bench -- fuzz --messages=<n> --seed=<s>`. Goes on where
 * it was stopped with the same seed, or at message `--from=<n>`.
 */
export const fuzz: Bench = async ({ isQuick, tell }) => {
  const messages = Number(option('messages') ?? (isQuick ? 50_000 : 24_000_000));
  const seed = Number(option('seed') ?? 1);
  const rounds = Math.max(2, Math.round(messages / perRound));
  const file = path.join(root, 'data', 'fuzz-soak.json');
  const from = firstRound(file, seed, rounds);
  const guarded = Math.max(1, Math.round(rounds * guardedShare));
  const figures: Figure[] = [];
  for (const phase of [
    { name: 'limits as they are', limits: defaultSipLimits, from, to: guarded },
    { name: 'limits raised', limits: raised, from: Math.max(from, guarded), to: rounds },
  ]) {
    if (phase.from >= phase.to) continue;
    tell(
      `${phase.name}: rounds ${phase.from + 1} to ${phase.to} of ${rounds}, ${perRound} messages each`,
    );
    const figure = await soak({
      ...phase,
      seed,
      tell,
      done: (at) => save(file, { seed, rounds: at }),
    });
    figures.push(figure);
    if (!figure.isMet) return figures;
  }
  rmSync(file, { force: true });
  return figures;
};

function firstRound(file: string, seed: number, rounds: number): number {
  const from = option('from');
  if (from !== undefined) return Math.floor(Number(from) / perRound);
  if (!existsSync(file)) return 0;
  const state = JSON.parse(readFileSync(file, 'utf8')) as State;
  return state.seed === seed && state.rounds < rounds ? state.rounds : 0;
}

function save(file: string, state: State): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(state));
}

interface Phase {
  name: string;
  limits: typeof raised;
  from: number;
  to: number;
  seed: number;
  tell: (what: string) => void;
  done: (rounds: number) => void;
}

async function soak(phase: Phase): Promise<Figure> {
  const { from, to, tell } = phase;
  const soaked = await startSoakSwitch(phase.limits);
  const readers = fork(path.join(import.meta.dirname, 'soak-readers.ts'), {
    execArgv: ['--import', 'tsx'],
  });
  const world = await World.open(soaked);
  const faults: string[] = [];
  let stalls = 0;
  const errors = () => {
    const all = soaked.errors().filter((line) => !line.includes(ofFiles));
    const own = all.filter((line) => !line.includes(ofClock));
    stalls += all.length - own.length;
    return own;
  };
  // The last transactions are over after 64 · T1.
  const restMs = to - from < 10 ? 3000 : 35_000;
  const warmAt = Math.min(from + warmRounds, from + Math.ceil((to - from) / 10));
  let began = Date.now();
  let warm: Memory = { rss: 0, collected: 0, live: 0 };
  let at = from;
  try {
    for (; at < to && faults.length === 0; at += 1) {
      const one = await Promise.all([
        world.round(phase.seed * 1_000_003 + at),
        read(readers, phase.seed * 1_000_003 + at),
      ]);
      faults.push(...one.flat().map((text) => `round ${at + 1}: ${text}`), ...errors());
      if (at + 1 === warmAt) {
        const rested = Date.now();
        warm = await world.restingMemory(restMs);
        began += Date.now() - rested;
      }
      if ((at + 1) % 25 === 0) {
        phase.done(at + 1);
        const perSecond = (((at + 1 - from) * perRound) / (Date.now() - began)) * 1000;
        tell(
          `round ${at + 1} of ${to}, ${perSecond.toFixed(0)} messages a second, RSS ${soaked.rss().toFixed(0)} MB`,
        );
      }
    }
    const seconds = (Date.now() - began) / 1000;
    const cpu = [soaked.pid, process.pid, readers.pid ?? 0].map((pid) =>
      (cpuMs(pid) / 1000).toFixed(0),
    );
    phase.done(faults.length === 0 ? at : at - 1);
    if (faults.length === 0) faults.push(...(await world.last()));
    const last = faults.length === 0 ? await world.restingMemory(restMs) : warm;
    faults.push(...growthOf(warm, last));
    faults.push(...errors());
    const count = (at - from) * perRound;
    return {
      what: `fuzz, ${phase.name}`,
      measured: `${count.toLocaleString('en')} messages, ${faults.length} faults`,
      limit: '0 faults',
      isMet: faults.length === 0,
      notes: [
        `${(count / seconds).toFixed(0)} messages a second, ${Math.round(socketShare * 100)} % of them over sockets; processor time of switch, writers and readers ${cpu.join(', ')} s`,
        `memory of the switch after ${warmAt - from} rounds and at the end: ${told(warm)}; ${told(last)} (limits ${growthLimit.factor} × the RSS and ${growthLimit.extraMb} MB; ${growthLimit.liveMb} MB more in use)`,
        `${world.refused}; its audio clock stood still ${stalls} times for more than 200 ms`,
        ...faults.slice(0, 10),
      ],
    };
  } finally {
    readers.kill();
    await world.close();
    await soaked.stop();
  }
}

/** Of what is left when the collector has run. */
function growthOf(warm: Memory, last: Memory): string[] {
  const most = warm.collected * growthLimit.factor + growthLimit.extraMb;
  const has = last.collected > most || last.live > warm.live + growthLimit.liveMb;
  return has ? [`memory grew from ${told(warm)} to ${told(last)}`] : [];
}

function told({ rss, collected, live }: Memory): string {
  return `RSS ${collected.toFixed(0)} MB (${rss.toFixed(0)} before the collector ran), ${live.toFixed(0)} MB in use`;
}

async function read(readers: ChildProcess, seed: number): Promise<string[]> {
  readers.send({ seed, counts: round.readers } satisfies ReadersRound);
  const over = new AbortController();
  const { signal } = over;
  const heard = ['message', 'exit'].map((event) => once(readers, event, { signal }));
  for (const one of heard) one.catch(() => undefined);
  const [answer] = (await Promise.race(heard)) as [ReadersResult | number | null];
  over.abort();
  if (answer === null) return ['the readers were ended'];
  if (typeof answer === 'number') return [`the readers ended with ${answer}`];
  return answer.fault === undefined ? [] : [answer.fault];
}

/** The running switch with its calls, and everybody who writes to it. */
class World {
  readonly #soaked: SoakSwitch;
  readonly #leader: Leader;
  readonly #strangers: Strangers;
  readonly #calls: KeptCall[];
  refused = '';

  private constructor(soaked: SoakSwitch, leader: Leader, strangers: Strangers, calls: KeptCall[]) {
    this.#soaked = soaked;
    this.#leader = leader;
    this.#strangers = strangers;
    this.#calls = calls;
  }

  static async open(soaked: SoakSwitch): Promise<World> {
    const leader = await Leader.open(soaked);
    const calls: KeptCall[] = [];
    const strangers = await Strangers.open(soaked, calls);
    const world = new World(soaked, leader, strangers, calls);
    await world.#refill();
    return world;
  }

  /** What went wrong. */
  async round(seed: number): Promise<string[]> {
    const { sockets } = round;
    const random = (lane: number) => randomFrom(seed * 16 + lane);
    try {
      await this.#refill();
      const legs = this.#leader.strangers;
      await Promise.all([
        this.#strangers.udp(random(1), sockets.udp),
        this.#strangers.webSocket(random(2), sockets.webSocket),
        this.#audio(random(3), sockets.rtp),
        ...lanes.flatMap((lane) => [
          this.#strangers.tcp(random(4 + lane), sockets.tcp / lanes.length),
          commands(this.#soaked, legs, random(8 + lane), sockets.commands / lanes.length),
          answers(random(12 + lane), sockets.answers / lanes.length),
        ]),
      ]);
    } catch (error) {
      return [
        `${error instanceof Error ? error.message : String(error)}${this.#soaked.isRunning ? '' : '; the switch has ended'}`,
      ];
    }
    return this.#leader.esl.closed.aborted ? ['the event socket was closed'] : [];
  }

  /** Answers, and carries a normal call both ways. */
  async last(): Promise<string[]> {
    try {
      await this.#leader.endAll();
      await this.#strangers.ask();
      const fault = await normalCall(this.#soaked, this.#leader);
      this.refused = `refused by the limits: ${await this.#leader.esl.api('lt_refusals')}`;
      return fault === undefined ? [] : [fault];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  }

  /** Without calls, after a rest. */
  async restingMemory(restMs: number): Promise<Memory> {
    await this.#leader.endAll();
    await delay(restMs);
    return this.#soaked.memory();
  }

  async close(): Promise<void> {
    this.#strangers.close();
    await this.#drop(this.#calls.splice(0));
    this.#leader.close();
  }

  /** To the ports of calls that live: from their telephones, and from anybody. */
  async #audio(random: ReturnType<typeof randomFrom>, count: number): Promise<void> {
    const flows = new Map(
      this.#calls.map((call) => [
        call,
        { sequence: random(65_536), timestamp: 0, ssrc: call.rtpPort },
      ]),
    );
    for (let sent = 0; sent < count; sent += 1) {
      const call = pick(random, this.#calls);
      const flow = flows.get(call);
      if (flow === undefined) continue;
      const from = random(10) === 0 ? pick(random, this.#calls) : call;
      from.audio.send(rtpDatagram(random, flow), call.rtpPort, '127.0.0.1', () => undefined);
      if (sent % 200 === 199) await this.#strangers.ask();
    }
  }

  /** Calls that nonsense ended are made anew, and two in three talk to each other. */
  async #refill(): Promise<void> {
    const gone = this.#calls.filter(({ phone }) => this.#leader.uuidOf(phone.callId) === undefined);
    await this.#drop(gone);
    const alive = this.#calls.filter((call) => !gone.includes(call));
    this.#calls.splice(0, this.#calls.length, ...alive);
    while (this.#calls.length < keptCalls) {
      const call = await keepCall(this.#soaked, this.#leader);
      const other = this.#calls.at(-1);
      this.#calls.push(call);
      if (this.#calls.length % 3 === 0 && other !== undefined) {
        await bridgeCalls(this.#leader, other, call);
      }
    }
  }

  async #drop(calls: readonly KeptCall[]): Promise<void> {
    for (const { phone, audio } of calls) {
      audio.close();
      await phone.close();
    }
  }
}
