/**
 * Seeded nonsense for session descriptions: `node --import tsx bench/fuzz/sdp.ts [count] [seed]`. A description is
 * refused with `SdpError`, or understood and answered with one that can be understood.
 */
import {
  answerTo,
  kindOf,
  parseDescription,
  parseSdp,
  SdpError,
} from '../../src/switch/rtp/index.ts';
import { onlyStream } from '../../src/switch/sdp/description.ts';
import { damaged, main, odd, pick, randomFrom, seldom, type Random } from './random.ts';

export const protocol = 'sdp';

const media = ['audio', 'audio', 'audio', 'video', 'image', 'application', 'message', 'text'];
const transports = [
  'RTP/AVP',
  'RTP/AVP',
  'RTP/SAVP',
  'RTP/SAVPF',
  'UDP/TLS/RTP/SAVPF',
  'udptl',
  'TCP/TLS/BFCP',
  'RTP/',
];
const ports = ['4000', '49170', '9', '0', '65535', '49170/2'];
const oddPorts = ['65536', '99999', '-1', '4000/0', '1e3', '', '00000004000'];
const formats = ['8', '0', '8 0 101', '0 8 18 101', '8 101', '96 8'];
const oddFormats = ['101', '127', '128', '*', 't38', '', '8 8 8 8', '-8'];
const hosts = ['127.0.0.1', '192.0.2.7', '0.0.0.0'];
const oddHosts = ['255.255.255.255', '224.0.0.1', '256.1.1.1', '::1', 'h.example', '1.2.3.4/127/2'];
const attributes = [
  'rtpmap:8 PCMA/8000',
  'rtpmap:0 PCMU/8000/1',
  'rtpmap:101 telephone-event/8000',
  'rtpmap:96 opus/48000/2',
  'fmtp:101 0-15',
  'ptime:20',
  'sendrecv',
  'sendonly',
  'recvonly',
  'inactive',
  'mid:0',
  'group:BUNDLE 0 1',
  'bundle-only',
  'rtcp-mux',
  'ice-ufrag:abcd',
  'ice-pwd:abcdefghijklmnopqrstuvwx',
  'candidate:1 1 udp 2130706431 127.0.0.1 4000 typ host',
  'fingerprint:sha-256 AB:CD',
  'setup:actpass',
  `crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${'A'.repeat(40)}`,
  `crypto:1 AES_CM_128_HMAC_SHA1_32 inline:${'A'.repeat(40)}|2^20|1:4`,
  'crypto:x y inline:',
];
const oddAttributes = ['rtpmap:999 x/0', 'rtpmap:8', 'ptime:0', 'ptime:99999', 'maxptime:1e3'];

/** A sound one, and now and then another. */
function mostly(random: Random, sound: readonly string[], other: readonly string[]): string {
  return pick(random, seldom(random, 16) ? other : sound);
}

export function generate(random: Random): string {
  const end = seldom(random, 8) ? '\n' : '\r\n';
  const lines = [
    seldom(random, 30) ? 'v=1' : 'v=0',
    `o=- ${random(99)} ${random(9)} IN IP4 ${mostly(random, hosts, oddHosts)}`,
    's=-',
    ...(seldom(random, 6) ? [] : [`c=IN ${seldom(random, 30) ? 'IP6' : 'IP4'} ${hostOf(random)}`]),
    't=0 0',
  ];
  const streams = seldom(random, 40) ? random(40) : 1 + random(3);
  for (let count = 0; count < streams; count += 1) {
    const isPlain = count === 0 && random(3) > 0;
    const [medium, way] = isPlain
      ? ['audio', 'RTP/AVP']
      : [pick(random, media), pick(random, transports)];
    const place = mostly(random, ports, oddPorts);
    lines.push(`m=${medium} ${place} ${way} ${mostly(random, formats, oddFormats)}`);
    if (seldom(random, 5)) lines.push(`c=IN IP4 ${hostOf(random)}`);
    for (let more = random(7); more > 0; more -= 1) {
      lines.push(`a=${mostly(random, attributes, oddAttributes)}`);
    }
  }
  if (seldom(random, 5)) lines.splice(random(lines.length), 0, oddLine(random));
  if (seldom(random, 60)) {
    lines.push(
      ...Array<string>(random(1500)).fill(`a=${mostly(random, attributes, oddAttributes)}`),
    );
  }
  return [...lines, ''].join(end);
}

function hostOf(random: Random): string {
  return random(3) > 0 ? '127.0.0.1' : mostly(random, hosts, oddHosts);
}

function oddLine(random: Random): string {
  return `${pick(random, ['m=', 'a=', 'c=', 'a=rtpmap:', 'b=', 'm=audio ', '', 'a=group:BUNDLE '])}${odd(random)}`;
}

const local = {
  host: '127.0.0.1',
  port: 4000,
  sessionId: 1,
  version: 1,
  srtpKey: Buffer.alloc(30, 1),
};

/** Throws what a description broke; whether it was understood. */
export function read(text: string): boolean {
  const kind = kindOf(text);
  try {
    const media = parseSdp(text, kind, { withSrtp: true });
    const { streams } = parseDescription(text);
    onlyStream(parseDescription(text), media.layout.at);
    if (kind === 'webrtc') return true;
    const answer = parseDescription(answerTo(media, local));
    if (answer.streams.length !== streams.length) throw new Error('an answer with other streams');
    return true;
  } catch (error) {
    if (error instanceof SdpError) return false;
    throw error;
  }
}

/** Throws what a description broke; returns how many were understood. */
export function run(seed: number, count: number): number {
  const random = randomFrom(seed);
  let understood = 0;
  for (let index = 0; index < count; index += 1) {
    const text = generate(random);
    const hurt = random(4) === 0 ? damaged(random, Buffer.from(text)).toString() : text;
    if (read(hurt)) understood += 1;
  }
  return understood;
}

main(import.meta.url, 'descriptions', run);
