import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { until } from './until.ts';

/** A message as it came. */
export interface Message {
  readonly text: string;
  /** `INVITE`, or `SIP/2.0` of a response. */
  readonly first: string;
  /** Of a response. */
  readonly status: number;
  header(name: string): string;
  readonly body: string;
  readonly at: { address: string; port: number };
}

export interface Sent {
  readonly callId: string;
  readonly text: string;
}

/** Somebody with a socket who writes SIP by hand, at an address of loopback of their own. */
export interface Stranger {
  readonly host: string;
  readonly port: number;
  readonly received: readonly Message[];
  readonly bytes: number;
  /** A request with headers of a call of its own; whatever is named replaces it. */
  request(method: string, uri: string, headers?: Headers, body?: string): Sent;
  send(text: string | Uint8Array): void;
  /** Sends and waits for the last word; 408 when there is none. */
  ask(sent: Sent, timeoutMs?: number): Promise<Message>;
  /** The same with a digest where one is asked for. */
  askAs(
    user: { name: string; password: string },
    method: string,
    uri: string,
    headers?: Headers,
    body?: string,
  ): Promise<Message>;
  /** Answers each request that comes. */
  onRequest: (request: Message) => string | undefined;
  reply(request: Message, status: string, headers?: Headers, body?: string): string;
  close(): Promise<void>;
}

export type Headers = Readonly<Record<string, string>>;

export async function openStranger(
  target: number,
  { host = '127.0.0.9', port = 0 }: { host?: string; port?: number } = {},
): Promise<Stranger> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(port, host, resolve));
  const received: Message[] = [];
  let bytes = 0;
  const at = socket.address();
  const send = (text: string | Uint8Array, to = { address: '127.0.0.1', port: target }) =>
    socket.send(text, to.port, to.address);
  const self: Stranger = {
    host,
    port: at.port,
    received,
    get bytes() {
      return bytes;
    },
    request(method, uri, changed = {}, body = '') {
      const callId = changed['Call-ID'] ?? `${randomBytes(8).toString('hex')}@${host}`;
      const all: Record<string, string> = {
        Via: `SIP/2.0/UDP ${host}:${at.port};branch=z9hG4bK${randomBytes(8).toString('hex')};rport`,
        'Max-Forwards': '70',
        From: `<sip:13900000000@${host}>;tag=${randomBytes(4).toString('hex')}`,
        To: `<${uri}>`,
        'Call-ID': callId,
        CSeq: `1 ${method}`,
        Contact: `<sip:stranger@${host}:${at.port}>`,
        ...changed,
        ...(body === '' || 'Content-Type' in changed ? {} : { 'Content-Type': 'application/sdp' }),
        'Content-Length': String(Buffer.byteLength(body)),
      };
      return { callId, text: `${method} ${uri} SIP/2.0\r\n${lines(all)}\r\n${body}` };
    },
    send: (text) => send(text),
    async ask({ callId, text }, timeoutMs = 8000) {
      const from = received.length;
      send(text);
      const final = () =>
        received
          .slice(from)
          .find((one) => one.status >= 200 && one.header('Call-ID').trim() === callId);
      const found = await until('an answer', final, { timeoutMs }).catch(() => undefined);
      if (found !== undefined && text.startsWith('INVITE') && found.status >= 300) {
        const via = /^Via: .*$/m.exec(text)?.[0] ?? '';
        const own = /^From: .*$/m.exec(text)?.[0] ?? '';
        const number = /^CSeq: (\d+)/m.exec(text)?.[1] ?? '1';
        const uri = text.split(' ')[1] ?? '';
        send(
          `ACK ${uri} SIP/2.0\r\n${via}\r\n${own}\r\nTo: ${found.header('To')}\r\nCall-ID: ${callId}\r\nCSeq: ${number} ACK\r\nContent-Length: 0\r\n\r\n`,
        );
      }
      return found ?? messageOf('SIP/2.0 408 Nobody Answered\r\n\r\n', at);
    },
    async askAs(user, method, uri, headers = {}, body = '') {
      const own = {
        From: `<sip:${user.name}@lingting>;tag=${randomBytes(4).toString('hex')}`,
        ...headers,
      };
      const first = self.request(method, uri, own, body);
      const asked = await self.ask(first);
      if (asked.status !== 401 && asked.status !== 407) return asked;
      const name = asked.status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate';
      const again = {
        ...own,
        'Call-ID': first.callId,
        CSeq: `2 ${method}`,
        [asked.status === 401 ? 'Authorization' : 'Proxy-Authorization']: digest(
          asked.header(name),
          { ...user, method, uri },
        ),
      };
      return self.ask(self.request(method, uri, again, body));
    },
    onRequest: () => undefined,
    reply: (request, status, headers = {}, body = '') => {
      const copied = ['Via', 'From', 'Call-ID', 'CSeq'].map(
        (name) => `${name}: ${request.header(name)}`,
      );
      const to = request.header('To');
      const tag = to.includes('tag=') ? '' : ';tag=callee';
      const all = { 'Content-Length': String(Buffer.byteLength(body)), ...headers };
      return `SIP/2.0 ${status}\r\n${copied.join('\r\n')}\r\nTo: ${to}${tag}\r\n${lines(all)}\r\n${body}`;
    },
    close: () =>
      new Promise((resolve) => {
        socket.close(() => resolve());
      }),
  };
  socket.on('message', (data, from) => {
    bytes += data.length;
    const message = messageOf(data.toString('latin1'), from);
    received.push(message);
    if (message.status > 0) return;
    const answer = self.onRequest(message);
    if (answer !== undefined) send(answer, from);
  });
  return self;
}

function lines(headers: Headers): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}

function messageOf(text: string, at: { address: string; port: number }): Message {
  const [head = '', ...body] = text.split('\r\n\r\n');
  const all = head.split('\r\n');
  const [first = '', status = ''] = (all[0] ?? '').split(' ');
  return {
    text,
    first,
    status: first === 'SIP/2.0' ? Number(status) : 0,
    header: (name) =>
      all
        .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
        .map((line) => line.slice(name.length + 1).trim())
        .join(', '),
    body: body.join('\r\n\r\n'),
    at,
  };
}

/** RFC 2617 with `qop=auth`. */
function digest(
  challenge: string,
  { name, password, method, uri }: Record<'name' | 'password' | 'method' | 'uri', string>,
): string {
  const value = (key: string) => new RegExp(`\\b${key}="?([^",]+)`).exec(challenge)?.[1] ?? '';
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const [realm, nonce] = [value('realm'), value('nonce')];
  const cnonce = randomBytes(8).toString('hex');
  const response = md5(
    `${md5(`${name}:${realm}:${password}`)}:${nonce}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`,
  );
  return `Digest username="${name}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}"`;
}

/** An offer of plain G.711 audio. */
export function offer(host: string, port: number | string): string {
  return `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\nm=audio ${port} RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n`;
}
