import { createSocket, type Socket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { until } from './until.ts';

/** A UDP socket that sends SIP as text, well-formed or not, and keeps what comes back. */
export interface RawSip {
  readonly port: number;
  readonly received: string[];
  send(text: string | Buffer, port: number): void;
  /** The first message that begins so, already there or still to come. */
  answer(holds: (text: string) => boolean, what: string): Promise<string>;
  close(): void;
}

export async function openRawSip(host = '127.0.0.1'): Promise<RawSip> {
  const socket: Socket = createSocket('udp4');
  const received: string[] = [];
  socket.on('message', (bytes) => received.push(bytes.toString()));
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  return {
    port: socket.address().port,
    received,
    send: (text, port) => socket.send(text, port, '127.0.0.1'),
    answer: (holds, what) => until(what, () => received.find(holds)),
    close: () => socket.close(),
  };
}

export interface RawRequest {
  method?: string;
  uri?: string;
  from?: string;
  to?: string;
  via?: string;
  callId?: string;
  cseq?: number;
  headers?: readonly string[];
  body?: string;
  localPort: number;
}

/** A request of a stranger; every part may be replaced. */
export function rawRequest(options: RawRequest): string {
  const { method = 'OPTIONS', localPort, body = '', cseq = 1 } = options;
  const id = randomBytes(6).toString('hex');
  const uri = options.uri ?? 'sip:4000@127.0.0.1';
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: ${options.via ?? `SIP/2.0/UDP 127.0.0.1:${localPort};branch=z9hG4bK${id};rport`}`,
    `Max-Forwards: 70`,
    `From: ${options.from ?? `<sip:13800000001@127.0.0.1>;tag=${id}`}`,
    `To: ${options.to ?? '<sip:4000@127.0.0.1>'}`,
    `Call-ID: ${options.callId ?? id}`,
    `CSeq: ${cseq} ${method}`,
    ...(method === 'INVITE' || method === 'REGISTER'
      ? [`Contact: <sip:13800000001@127.0.0.1:${localPort}>`]
      : []),
    ...(options.headers ?? []),
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

export function rawSdp(port: number): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 8 101`,
    'a=rtpmap:101 telephone-event/8000',
    'a=sendrecv',
    '',
  ].join('\r\n');
}

export const statusOf = (text: string | undefined): string => (text ?? '').slice(8, 11);

export function headerIn(text: string, name: string): string | undefined {
  const lines = text.split('\r\n');
  const found = lines.find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return found?.slice(name.length + 1).trim();
}
