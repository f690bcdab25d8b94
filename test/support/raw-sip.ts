import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { Framer } from '../../src/switch/sip/transport/framer.ts';
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
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Over UDP: its socket; over TLS: a connection to the switch. */
interface Wire {
  port: number;
  transport: 'UDP' | 'TLS' | 'WS';
  socket?: Socket;
  write: (text: string) => void;
  close: () => Promise<void>;
}

/** A telephone whose every SIP message the test writes itself; one call at a time. */
export class RawPhone {
  readonly port: number;
  readonly box: RawMessage[] = [];
  readonly #wire: Wire;
  readonly callId = `${hex()}@raw`;
  readonly #user: string;
  #sequence = 0;
  from: string;
  to: string;
  target: string;

  private constructor(wire: Wire, user: string, switchPort: number, number: string) {
    this.#wire = wire;
    this.port = wire.port;
    this.#user = user;
    this.target = `sip:${number}@127.0.0.1:${switchPort}`;
    this.from = `<sip:${user}@127.0.0.1>;tag=${hex()}`;
    this.to = `<${this.target}>`;
  }

  static async open(options: {
    user: string;
    switchPort: number;
    number?: string;
    port?: number;
  }): Promise<RawPhone> {
    const { user, switchPort, number = '4000' } = options;
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(options.port ?? 0, '127.0.0.1', resolve));
    const wire: Wire = {
      port: socket.address().port,
      transport: 'UDP',
      socket,
      write: (text) => socket.send(text, switchPort, '127.0.0.1'),
      close: () => new Promise((resolve) => socket.close(() => resolve())),
    };
    const phone = new RawPhone(wire, user, switchPort, number);
    socket.on('message', (data) => phone.box.push(parseRaw(data.toString())));
    return phone;
  }

  /** A telephone that connects over TLS, whatever the switch's certificate is. */
  static async openTls(options: {
    user: string;
    switchPort: number;
    number?: string;
  }): Promise<RawPhone> {
    const { user, switchPort, number = '4000' } = options;
    const socket = connectTls({ host: '127.0.0.1', port: switchPort, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.on('error', () => undefined);
    const wire: Wire = {
      port: socket.localPort ?? 0,
      transport: 'TLS',
      write: (text) => socket.write(text),
      close: () => {
        socket.destroy();
        return Promise.resolve();
      },
    };
    const phone = new RawPhone(wire, user, switchPort, number);
    const framer = new Framer();
    socket.on('data', (chunk: Buffer) => {
      for (const message of framer.push(chunk, () => undefined)) {
        phone.box.push(parseRaw(message.toString()));
      }
    });
    return phone;
  }

  /** As a browser does it (RFC 7118). */
  static async openWebSocket(options: { user: string; wsPort: number }): Promise<RawPhone> {
    const { user, wsPort } = options;
    const socket = new WebSocket(`ws://127.0.0.1:${wsPort}`, 'sip');
    await once(socket, 'open');
    const wire: Wire = {
      port: wsPort,
      transport: 'WS',
      write: (text) => socket.send(text),
      close: () => {
        socket.terminate();
        return Promise.resolve();
      },
    };
    const phone = new RawPhone(wire, user, wsPort, '4000');
    socket.on('message', (data: Buffer) => phone.box.push(parseRaw(data.toString())));
    return phone;
  }

  get socket(): Socket {
    if (this.#wire.socket === undefined) throw new Error('no socket of its own');
    return this.#wire.socket;
  }

  get contact(): string {
    if (this.#wire.transport === 'WS') return `<sip:${this.#user}@raw.invalid;transport=ws>`;
    const more = this.#wire.transport === 'TLS' ? ';transport=tls' : '';
    return `<sip:${this.#user}@127.0.0.1:${this.port}${more}>`;
  }

  write(text: string): void {
    this.#wire.write(text);
  }

  /** Registers with a password, as the switch asks for it. */
  async register(password: string): Promise<RawMessage> {
    this.target = 'sip:127.0.0.1';
    this.to = `<sip:${this.#user}@127.0.0.1>`;
    const expires = 'Expires: 300';
    const first = await this.request('REGISTER', { headers: [expires] });
    const credentials = this.credentials(first, 'REGISTER', password);
    return this.request('REGISTER', { headers: [expires, credentials] });
  }

  /** The header that answers a challenge (401 or 407) with MD5. */
  credentials(challenged: RawMessage, method: string, password: string): string {
    const isProxy = challenged.what === '407';
    const name = isProxy ? 'proxy-authenticate' : 'www-authenticate';
    const challenge = challenged.headers(name).find((one) => !one.includes('SHA-256')) ?? '';
    const field = (key: string) => new RegExp(`\\b${key}="([^"]+)"`).exec(challenge)?.[1] ?? '';
    const ha1 = md5(`${this.#user}:${field('realm')}:${password}`);
    const ha2 = md5(`${method}:${this.target}`);
    const response = md5(`${ha1}:${field('nonce')}:00000001:abc:auth:${ha2}`);
    return `${isProxy ? 'Proxy-Authorization' : 'Authorization'}: Digest username="${this.#user}", realm="${field('realm')}", nonce="${field('nonce')}", uri="${this.target}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abc"`;
  }

  /** Sends a request; ACK has the number of the last one. */
  send(method: string, { body = '', headers = [] as readonly string[] } = {}): number {
    if (method !== 'ACK') this.#sequence += 1;
    this.write(
      [
        `${method} ${this.target} SIP/2.0`,
        `Via: SIP/2.0/${this.#wire.transport} 127.0.0.1:${this.port};branch=z9hG4bK${hex()};rport`,
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
    return this.#wire.close();
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
