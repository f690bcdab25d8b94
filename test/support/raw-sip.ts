import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { until } from './until.ts';

/** A SIP message as text, with what a test looks at. */
export interface RawMessage {
  text: string;
  /** Of a request its method, of a response `200` and the like. */
  what: string;
  header(name: string): string;
  headers(name: string): string[];
  body: string;
}

export function parseRaw(text: string): RawMessage {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = (name: string) =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map((line) => line.slice(name.length + 1).trim());
  return {
    text,
    what: (first.startsWith('SIP/2.0 ') ? first.split(' ')[1] : first.split(' ')[0]) ?? '',
    header: (name) => headers(name)[0] ?? '',
    headers,
    body: rest.join('\r\n\r\n'),
  };
}

const hex = () => randomBytes(6).toString('hex');

/** A telephone whose every SIP message the test writes itself; one call at a time, over UDP. */
export class RawPhone {
  readonly port: number;
  readonly box: RawMessage[] = [];
  readonly socket: Socket;
  readonly callId = `${hex()}@raw`;
  readonly #switchPort: number;
  readonly #user: string;
  #sequence = 0;
  from: string;
  to: string;
  target: string;

  private constructor(socket: Socket, user: string, switchPort: number, number: string) {
    this.socket = socket;
    this.port = socket.address().port;
    this.#user = user;
    this.#switchPort = switchPort;
    this.target = `sip:${number}@127.0.0.1:${switchPort}`;
    this.from = `<sip:${user}@127.0.0.1>;tag=${hex()}`;
    this.to = `<${this.target}>`;
    socket.on('message', (data) => this.box.push(parseRaw(data.toString())));
  }

  static async open(options: {
    user: string;
    switchPort: number;
    number?: string;
    port?: number;
  }): Promise<RawPhone> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(options.port ?? 0, '127.0.0.1', resolve));
    return new RawPhone(socket, options.user, options.switchPort, options.number ?? '4000');
  }

  get contact(): string {
    return `<sip:${this.#user}@127.0.0.1:${this.port}>`;
  }

  write(text: string): void {
    this.socket.send(text, this.#switchPort, '127.0.0.1');
  }

  /** Sends a request; ACK has the number of the last one. */
  send(method: string, { body = '', headers = [] as readonly string[] } = {}): number {
    if (method !== 'ACK') this.#sequence += 1;
    this.write(
      [
        `${method} ${this.target} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${hex()};rport`,
        'Max-Forwards: 70',
        `From: ${this.from}`,
        `To: ${this.to}`,
        `Call-ID: ${this.callId}`,
        `CSeq: ${this.#sequence} ${method}`,
        `Contact: ${this.contact}`,
        ...headers,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
    return this.#sequence;
  }

  /** Takes the first message that fits out of the box. */
  next(what: string, holds: (message: RawMessage) => boolean = () => true): Promise<RawMessage> {
    return until(`${what}; got ${this.box.map((one) => one.what).join(' ')}`, () => {
      const at = this.box.findIndex((one) => one.what === what && holds(one));
      return at < 0 ? undefined : this.box.splice(at, 1)[0];
    });
  }

  /** The final response to a request with that number; the 2xx and refusals of an INVITE are acknowledged. */
  async final(method: string, number: number, ackBody = ''): Promise<RawMessage> {
    const found = await until(`an answer to ${method}`, () => {
      const at = this.box.findIndex(
        (one) => Number(one.what) >= 200 && one.header('cseq') === `${number} ${method}`,
      );
      return at < 0 ? undefined : this.box.splice(at, 1)[0];
    });
    if (method !== 'INVITE') return found;
    if (found.what.startsWith('2')) {
      this.to = found.header('to');
      this.target = /<([^>]+)>/.exec(found.header('contact'))?.[1] ?? this.target;
      this.send('ACK', { body: ackBody });
    }
    return found;
  }

  async request(method: string, options: { body?: string; headers?: readonly string[] } = {}) {
    return this.final(method, this.send(method, options));
  }

  /** Answers a request; `to` gets a tag of ours where it has none. */
  reply(
    message: RawMessage,
    status: string,
    { body = '', headers = [] as readonly string[], tag = 'raw' } = {},
  ): void {
    const kept = ['via', 'from', 'to', 'call-id', 'cseq', 'record-route'].flatMap((name) =>
      message
        .headers(name)
        .map(
          (value) =>
            `${name}: ${value}${name === 'to' && !value.includes('tag=') ? `;tag=${tag}` : ''}`,
        ),
    );
    this.write(
      [
        `SIP/2.0 ${status}`,
        ...kept,
        `Contact: ${this.contact}`,
        ...headers,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  /** From a request that began a call to us: what we send in it goes the other way. */
  take(invite: RawMessage, tag = 'raw'): void {
    this.target = /<([^>]+)>/.exec(invite.header('contact'))?.[1] ?? this.target;
    this.from = `${invite.header('to')};tag=${tag}`;
    this.to = invite.header('from');
    (this as { callId: string }).callId = invite.header('call-id');
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }
}

/** A description of one audio stream, or of whatever `lines` say. */
export function rawSdp(port: number, way = 'sendrecv', ...lines: readonly string[]): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    ...(port < 0 ? [] : [`m=audio ${port} RTP/AVP 8 101`, 'a=rtpmap:101 telephone-event/8000']),
    ...(port < 0 ? [] : [`a=${way}`]),
    ...lines,
    '',
  ].join('\r\n');
}

/** Whether a request answers the digest challenge, whatever its algorithm. */
export function isRightDigest(message: RawMessage, username: string, password: string): boolean {
  const header = message.header('authorization') || message.header('proxy-authorization');
  const field = (name: string) => new RegExp(`\\b${name}="?([^",]+)`).exec(header)?.[1] ?? '';
  const name = field('algorithm') === 'SHA-256' ? 'sha256' : 'md5';
  const hash = (text: string) => createHash(name).update(text).digest('hex');
  const counted = field('qop') === '' ? [] : [field('nc'), field('cnonce'), field('qop')];
  const expected = hash(
    [
      hash(`${username}:${field('realm')}:${password}`),
      field('nonce'),
      ...counted,
      hash(`${message.what}:${field('uri')}`),
    ].join(':'),
  );
  return header !== '' && field('response') === expected;
}
