import { sequenceDistance, type RtpPacket } from './packet.ts';

export interface Place {
  host: string;
  port: number;
}

/** What a source must look like to count as the far end. */
export interface Expected extends Place {
  payloadTypes: readonly number[];
  /** Where the far end's signalling comes from, which a NAT mostly gives to its audio too. */
  signalHost?: string | undefined;
  /** It says that it sends nothing for now (held): nobody may take its place meanwhile. */
  isSilent: boolean;
}

/** How much a source has in its favour: the place that was described, its machine, anybody. */
const rank = { stranger: 0, sameMachine: 1, described: 2 } as const;
type Rank = (typeof rank)[keyof typeof rank];

/**
 * What an undescribed source must have sent without a break, as time and as audio, before it counts: a
 * burst of any size is too short, and a few packets at the right pace are too few.
 */
const proofMs: Readonly<Record<Rank, number>> = { 0: 1000, 1: 320, 2: 0 };
const minPackets = 4;
/** A gap that ends a stream which is on probation. */
const maxGapMs = 250;
const maxGapPackets = 5;
/** How long the known source must be silent before another of that rank takes its place. */
const silenceMs: Readonly<Record<Rank, number>> = { 0: 3000, 1: 1000, 2: 0 };
/** The same right after an offer and its answer, when a move is to be expected. */
const silenceAfterOfferMs = 200;
const offerCountsMs = 5000;
const maxCandidates = 8;
/** 8000 samples of one byte a second. */
const bytesPerMs = 8;

interface Source extends Place {
  rank: Rank;
  ssrc: number;
  sequence: number;
  /** Packets in a row, since when, and how much audio was in them. */
  packets: number;
  since: number;
  audioMs: number;
  lastAt: number;
}

/**
 * Which packets of a socket are the far end's, and where ours go (RFC 7362, RFC 3550 appendix A.1).
 * The described place counts from its first packet on and takes its part back at any time. Any other
 * must keep sending valid packets of one stream while the known source is silent. Data and times in,
 * verdicts out.
 */
export class SourceLock {
  #expected: Expected | undefined;
  #describedAt = 0;
  #current: Source | undefined;
  /** Who had the audio before the current source, if it was there for longer. */
  #before: Source | undefined;
  readonly #candidates: Source[] = [];

  /** A description was agreed on. */
  expect(expected: Expected, now: number): void {
    const was = this.#expected;
    this.#expected = expected;
    this.#describedAt = now;
    if (was?.host === expected.host && was.port === expected.port) return;
    if (this.#current !== undefined) this.#keep(this.#current);
    this.#current = undefined;
    this.#before = undefined;
    for (const one of this.#candidates) one.rank = this.#rankOf(one.host, one.port);
  }

  /** Where to send to. */
  get target(): Place | undefined {
    return this.#current ?? this.#expected;
  }

  /** Whether anything valid came from where we send to. */
  get isHeard(): boolean {
    return this.#current !== undefined;
  }

  accepts(host: string, port: number, packet: RtpPacket, now: number): boolean {
    const current = this.#current;
    if (current !== undefined && current.port === port && current.host === host) {
      current.lastAt = now;
      current.packets += 1;
      return true;
    }
    const expected = this.#expected;
    if (expected === undefined) return false;
    if (expected.port === port && expected.host === host) {
      this.#take(newSource(host, port, rank.described, packet, now));
      return true;
    }
    if (!expected.payloadTypes.includes(packet.payloadType)) return false;
    if (this.#isReturning(host, port)) {
      this.#current = this.#before;
      this.#before = undefined;
      return true;
    }
    const candidate = this.#follow(host, port, packet, now);
    if (expected.isSilent || !isProven(candidate, now) || !this.#mayReplace(candidate, now)) {
      return false;
    }
    this.#take(candidate);
    return true;
  }

  /** The packet proved by its signature whose it is, wherever it comes from. */
  acceptProven(host: string, port: number, packet: RtpPacket, now: number): void {
    const current = this.#current;
    if (current !== undefined && current.port === port && current.host === host) {
      current.lastAt = now;
      return;
    }
    this.#take(newSource(host, port, rank.described, packet, now));
  }

  /** A sign of life without audio (RTCP) from where we send to. */
  onSign(host: string, port: number, now: number): boolean {
    const { target } = this;
    if (target?.port !== port || target.host !== host) return false;
    const nothing = { ssrc: 0, sequence: 0, payload: { length: 0 } };
    if (this.#current === undefined) {
      this.#take(newSource(host, port, this.#rankOf(host, port), nothing, now));
    }
    return true;
  }

  #rankOf(host: string, port: number): Rank {
    const expected = this.#expected;
    if (expected === undefined) return rank.stranger;
    if (expected.host === host && expected.port === port) return rank.described;
    const isNear = expected.host === host || expected.signalHost === host;
    return isNear ? rank.sameMachine : rank.stranger;
  }

  #isReturning(host: string, port: number): boolean {
    const before = this.#before;
    const current = this.#current;
    if (before?.port !== port || before.host !== host || current === undefined) return false;
    return before.rank >= current.rank && before.packets > current.packets;
  }

  #mayReplace(candidate: Source, now: number): boolean {
    const current = this.#current;
    if (current === undefined || candidate.rank > current.rank) return true;
    const isNear = candidate.rank >= rank.sameMachine;
    const isAfterOffer = isNear && now - this.#describedAt < offerCountsMs;
    const needed = isAfterOffer ? silenceAfterOfferMs : silenceMs[candidate.rank];
    return now - current.lastAt >= needed;
  }

  #take(source: Source): void {
    this.#before = this.#current;
    this.#current = source;
    const at = this.#candidates.indexOf(source);
    if (at >= 0) this.#candidates.splice(at, 1);
  }

  /** Counts what a source on probation sends in a row. */
  #follow(host: string, port: number, packet: RtpPacket, now: number): Source {
    const known = this.#candidates.find((one) => one.port === port && one.host === host);
    if (known === undefined) {
      const source = newSource(host, port, this.#rankOf(host, port), packet, now);
      this.#keep(source);
      return source;
    }
    const distance = sequenceDistance(packet.sequence, known.sequence);
    const isNext = known.ssrc === packet.ssrc && distance > 0 && distance <= maxGapPackets;
    if (known.ssrc === packet.ssrc && distance === 0) return known;
    if (!isNext || now - known.lastAt > maxGapMs) {
      Object.assign(known, newSource(host, port, known.rank, packet, now));
      return known;
    }
    known.sequence = packet.sequence;
    known.packets += 1;
    known.audioMs += packet.payload.length / bytesPerMs;
    known.lastAt = now;
    return known;
  }

  /** Of too many, whoever has the least in its favour goes: a flood of strangers drives nobody out. */
  #keep(source: Source): void {
    this.#candidates.push(source);
    if (this.#candidates.length <= maxCandidates) return;
    let least = 0;
    for (let at = 1; at < this.#candidates.length - 1; at += 1) {
      const [one, other] = [this.#candidates[at], this.#candidates[least]];
      if (one !== undefined && other !== undefined && isWeaker(one, other)) least = at;
    }
    this.#candidates.splice(least, 1);
  }
}

function isWeaker(one: Source, other: Source): boolean {
  if (one.rank !== other.rank) return one.rank < other.rank;
  if (one.packets !== other.packets) return one.packets < other.packets;
  return one.lastAt < other.lastAt;
}

function isProven({ rank, packets, since, audioMs, lastAt }: Source, now: number): boolean {
  const needed = proofMs[rank];
  const isSteady = now - lastAt <= maxGapMs;
  return isSteady && packets >= minPackets && now - since >= needed * 0.9 && audioMs >= needed;
}

function newSource(
  host: string,
  port: number,
  itsRank: Rank,
  packet: { ssrc: number; sequence: number; payload: { length: number } },
  now: number,
): Source {
  return {
    ...{ host, port, rank: itsRank, ssrc: packet.ssrc, sequence: packet.sequence },
    ...{ packets: 1, since: now, audioMs: packet.payload.length / bytesPerMs, lastAt: now },
  };
}
