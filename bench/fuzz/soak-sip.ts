import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { until } from '../../src/core/concurrency/wait.ts';
import { damaged, pick, pieces, seldom, type Random } from './random.ts';
import type { KeptCall } from './soak-calls.ts';
import { told } from './soak-event-socket.ts';
import type { SoakSwitch } from './soak-switch.ts';
import { sipMessage, type Target } from './sip-grammar.ts';

interface Dialog {
  from: string;
  to: string;
  callId: string;
}

/** Dialogs of calls that nonsense began are attacked too; so many are remembered. */
const maxDialogs = 50;
/** So many datagrams go out before the switch is asked whether it is still there. */
const burst = 100;

/** Strangers with telephones of their own who write nonsense, answer what they are asked, and acknowledge. */
export class Strangers {
  readonly #soaked: SoakSwitch;
  readonly #sockets: UdpSocket[] = [];
  readonly #dialogs: Dialog[] = [];
  readonly #kept: readonly KeptCall[];
  readonly #asker: UdpSocket;
  readonly #answered = new Set<string>();
  #asked = 0;

  private constructor(soaked: SoakSwitch, kept: readonly KeptCall[], asker: UdpSocket) {
    this.#soaked = soaked;
    this.#kept = kept;
    this.#asker = asker;
    asker.on('message', (bytes) => {
      const text = bytes.toString('latin1');
      const id = /^Call-ID: (.*)$/m.exec(text)?.[1]?.trim();
      if (text.startsWith('SIP/2.0 200') && id !== undefined) this.#answered.add(id);
    });
  }

  static async open(soaked: SoakSwitch, kept: readonly KeptCall[]): Promise<Strangers> {
    const self = new Strangers(soaked, kept, await bound('127.0.0.1'));
    for (let host = 2; host <= 9; host += 1) {
      const socket = await bound(`127.0.0.${host}`);
      socket.on('message', (bytes) => self.#onMessage(bytes.toString('latin1'), socket));
      self.#sockets.push(socket);
    }
    return self;
  }

  /** OPTIONS from the trunk's address; throws when the switch does not answer. */
  async ask(): Promise<void> {
    this.#asked += 1;
    const id = `ask-${this.#asked}-${process.pid}`;
    const { port } = this.#asker.address();
    const text = `OPTIONS sip:4000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${id};rport\r\nFrom: <sip:1@h>;tag=${id}\r\nTo: <sip:4000@h>\r\nCall-ID: ${id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;
    let triedAt = 0;
    await until(
      'the switch to answer OPTIONS',
      () => {
        if (Date.now() - triedAt > 500) {
          triedAt = Date.now();
          this.#asker.send(text, this.#soaked.sipPort, '127.0.0.1');
        }
        return this.#answered.delete(id);
      },
      { timeoutMs: 30_000, everyMs: 1 },
    );
  }

  async udp(random: Random, count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += 1) {
      const kept = seldom(random, 12) ? pick(random, this.#kept) : undefined;
      const socket = kept?.phone.socket ?? this.#source(random);
      const bytes = this.#message(
        random,
        `${socket.address().address}:${socket.address().port}`,
        'UDP',
        kept,
      );
      socket.send(bytes, this.#soaked.sipPort, '127.0.0.1', () => undefined);
      if (sent % burst === burst - 1) await this.ask();
    }
    await this.ask();
  }

  /** One of them is busier than all others, so that the limits on one source are felt. */
  #source(random: Random): UdpSocket {
    const [busy] = this.#sockets;
    return busy !== undefined && seldom(random, 2) ? busy : pick(random, this.#sockets);
  }

  /** Each connection carries a few messages, in pieces. */
  async tcp(random: Random, count: number): Promise<void> {
    for (let sent = 0; sent < count;) {
      const localAddress = `127.0.0.${2 + random(8)}`;
      const socket = connect({ port: this.#soaked.sipPort, host: '127.0.0.1', localAddress });
      socket.on('error', () => undefined);
      socket.on('data', () => undefined);
      await told(socket, 'connect');
      for (let more = 1 + random(5); more > 0 && sent < count; more -= 1) {
        sent += 1;
        const bytes = this.#message(random, `${localAddress}:${socket.localPort ?? 1}`, 'TCP');
        for (const piece of pieces(random, bytes)) if (!socket.destroyed) socket.write(piece);
      }
      await this.ask();
      if (seldom(random, 3)) socket.end();
      else socket.resetAndDestroy();
    }
  }

  async webSocket(random: Random, count: number): Promise<void> {
    for (let sent = 0; sent < count;) {
      const socket = new WebSocket(`ws://127.0.0.1:${this.#soaked.wsPort}`, 'sip', {
        localAddress: `127.0.0.${2 + random(8)}`,
      });
      socket.on('error', () => undefined);
      await new Promise<void>((resolve) => socket.once('open', resolve).once('close', resolve));
      for (let more = 20; more > 0 && sent < count; more -= 1) {
        sent += 1;
        if (socket.readyState !== socket.OPEN) break;
        socket.send(this.#message(random, 'x.invalid', 'WS'), { binary: seldom(random, 2) });
      }
      await this.ask();
      socket.terminate();
    }
  }

  close(): void {
    for (const socket of [...this.#sockets, this.#asker]) socket.close();
  }

  #message(random: Random, sentBy: string, transport: string, kept?: KeptCall): Buffer {
    const target: Target = { uri: 'sip:4000@127.0.0.1', sentBy, transport };
    if (kept !== undefined) {
      const { from, to, callId } = kept.phone;
      Object.assign(target, { dialog: { from, to, callId }, isKept: true });
    } else if (this.#dialogs.length > 0 && seldom(random, 6)) {
      target.dialog = pick(random, this.#dialogs);
    }
    const bytes = Buffer.from(sipMessage(random, target));
    return seldom(random, 5) ? damaged(random, bytes) : bytes;
  }

  /** Answers requests, and acknowledges two calls of three, so that their media begins. */
  #onMessage(text: string, socket: UdpSocket): void {
    const to = (reply: string) =>
      socket.send(reply, this.#soaked.sipPort, '127.0.0.1', () => undefined);
    const line = (name: string) => new RegExp(`^${name}: ([^\\r\\n]*)`, 'im').exec(text)?.[1] ?? '';
    const kept = `From: ${line('From')}\r\nTo: ${line('To')}\r\nCall-ID: ${line('Call-ID')}\r\n`;
    if (!text.startsWith('SIP/2.0')) {
      if (text.startsWith('ACK')) return;
      to(
        `SIP/2.0 200 OK\r\nVia: ${line('Via')}\r\n${kept}CSeq: ${line('CSeq')}\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    const [number = '', method] = line('CSeq').split(' ');
    if (method !== 'INVITE' || !text.startsWith('SIP/2.0 200')) return;
    const { address, port } = socket.address();
    if (Number(number) % 3 > 0) {
      to(
        `ACK sip:4000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP ${address}:${port};branch=z9hG4bKa${number}\r\n${kept}CSeq: ${number} ACK\r\nContent-Length: 0\r\n\r\n`,
      );
    }
    this.#dialogs.push({ from: line('From'), to: line('To'), callId: line('Call-ID') });
    if (this.#dialogs.length > maxDialogs) this.#dialogs.shift();
  }
}

async function bound(host: string): Promise<UdpSocket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1_000_000 });
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  return socket;
}
