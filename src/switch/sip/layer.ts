import { randomBytes } from 'node:crypto';
import type { Log } from '../../core/log.ts';
import { messageOf } from '../../core/errors.ts';
import { ClientTransaction, type ClientHandlers } from './client-transaction.ts';
import { parseCSeq, parseVia } from './headers.ts';
import { headerOf, parseMessage, serialize, type SipRequest, type SipResponse } from './message.ts';
import { ServerTransaction } from './server-transaction.ts';
import { openTransports, type Flow, type TransportOptions, type Transports } from './transport.ts';

export interface LayerHandlers {
  /** A request that belongs to no transaction yet; ACK to a 2xx comes here too. */
  onRequest: (request: SipRequest, transaction: ServerTransaction) => void;
  onAck: (request: SipRequest) => void;
  onCancel: (invite: ServerTransaction) => void;
  /** A browser's connection is over. */
  onClosed: (flow: Flow) => void;
}

const maxTransactions = 50_000;

/** Sockets and transactions: turns bytes into requests that are new, and responses to ours. */
export class SipLayer {
  readonly #log: Log;
  readonly #host: string;
  readonly #handlers: LayerHandlers;
  readonly #servers = new Map<string, ServerTransaction>();
  readonly #clients = new Map<string, ClientTransaction>();
  #transports: Transports | undefined;

  private constructor(host: string, handlers: LayerHandlers, log: Log) {
    this.#host = host;
    this.#handlers = handlers;
    this.#log = log;
  }

  static async open(
    address: TransportOptions,
    handlers: LayerHandlers,
    log: Log,
  ): Promise<SipLayer> {
    const layer = new SipLayer(address.host, handlers, log);
    layer.#transports = await openTransports(
      address,
      { receive: (bytes, flow) => layer.#receive(bytes, flow), onClosed: handlers.onClosed },
      log,
    );
    return layer;
  }

  get transports(): Transports {
    if (this.#transports === undefined) throw new Error('the SIP sockets are not open');
    return this.#transports;
  }

  get host(): string {
    return this.#host;
  }

  get port(): number {
    return this.transports.port;
  }

  /** Adds Via and sends; responses go to the handlers until `onEnd`. */
  send(
    request: SipRequest,
    flow: Flow,
    handlers: Omit<ClientHandlers, 'onEnd'>,
  ): ClientTransaction {
    const branch = newBranch();
    const sent = this.withVia(request, flow, branch);
    const key = clientKey(branch, request.method);
    const transaction = new ClientTransaction(sent, flow, {
      ...handlers,
      onEnd: () => this.#clients.delete(key),
    });
    this.#clients.set(key, transaction);
    return transaction;
  }

  /** CANCEL has the branch of what it cancels (RFC 3261 section 9.1). */
  sendCancel(invite: ClientTransaction): void {
    const keep = ['via', 'max-forwards', 'from', 'to', 'call-id', 'route'];
    const { request, flow } = invite;
    const number = parseCSeq(headerOf(request.headers, 'cseq')).number;
    const cancel: SipRequest = {
      kind: 'request',
      method: 'CANCEL',
      uri: request.uri,
      headers: [
        ...request.headers.filter(([name]) => keep.includes(name)),
        ['cseq', `${number} CANCEL`],
      ],
      body: '',
    };
    const branch = parseVia(headerOf(request.headers, 'via') ?? '').params.get('branch') ?? '';
    const key = clientKey(branch, 'CANCEL');
    if (this.#clients.has(key)) return;
    this.#clients.set(
      key,
      new ClientTransaction(cancel, flow, {
        onFinal: () => undefined,
        onTimeout: () => undefined,
        onEnd: () => this.#clients.delete(key),
      }),
    );
  }

  withVia(request: SipRequest, flow: Flow, branch = newBranch()): SipRequest {
    const transport = flow.address.transport.toUpperCase();
    const via = `SIP/2.0/${transport} ${this.#host}:${this.port};branch=${branch};rport`;
    return { ...request, headers: [['via', via], ...request.headers] };
  }

  /** For ACK to a 2xx, which is no transaction. */
  sendRaw(request: SipRequest, flow: Flow): void {
    flow.send(serialize(request));
  }

  async close(): Promise<void> {
    this.#closeTransactions();
    await this.#transports?.close();
    // Those that began while the last datagrams were on their way.
    this.#closeTransactions();
  }

  #closeTransactions(): void {
    for (const transaction of this.#servers.values()) transaction.close();
    for (const transaction of this.#clients.values()) transaction.close();
  }

  #receive(bytes: Buffer, flow: Flow): void {
    // Keep-alives of phones behind NAT.
    if (bytes.length <= 4 && bytes.toString().trim() === '') return;
    try {
      const message = parseMessage(bytes);
      if (message.kind === 'response') this.#onResponse(message);
      else this.#onRequest(message, flow);
    } catch (error) {
      this.#log.debug({ reason: messageOf(error), from: flow.address.host }, 'SIP message refused');
    }
  }

  #onResponse(response: SipResponse): void {
    const via = parseVia(headerOf(response.headers, 'via') ?? '');
    const { method } = parseCSeq(headerOf(response.headers, 'cseq'));
    this.#clients.get(clientKey(via.params.get('branch') ?? '', method))?.onResponse(response);
  }

  #onRequest(received: SipRequest, flow: Flow): void {
    const request = stampVia(received, flow);
    const via = parseVia(headerOf(request.headers, 'via') ?? '');
    const cseq = parseCSeq(headerOf(request.headers, 'cseq'));
    if (cseq.method !== request.method) return;
    for (const name of ['from', 'to', 'call-id']) {
      if (headerOf(request.headers, name) === undefined) return;
    }
    // Section 17.2.3: branch, sent-by and method tell a transaction; ACK and CANCEL name an INVITE.
    const call = headerOf(request.headers, 'call-id') ?? '';
    const base = `${via.params.get('branch') ?? ''} ${via.host}:${via.port ?? 5060} ${call} ${cseq.number}`;
    const invite = this.#servers.get(`${base} INVITE`);
    if (request.method === 'ACK') {
      // Some phones reuse the branch for the ACK to a 2xx, which belongs to the dialog.
      if (invite?.onAck() !== true) this.#handlers.onAck(request);
      return;
    }
    const known = this.#servers.get(`${base} ${request.method}`);
    if (known !== undefined) {
      known.onRepeat();
      return;
    }
    if (this.#servers.size >= maxTransactions) return;
    const key = `${base} ${request.method}`;
    const transaction = new ServerTransaction(request, flow, () => this.#servers.delete(key));
    this.#servers.set(key, transaction);
    if (request.method !== 'CANCEL') {
      this.#handlers.onRequest(request, transaction);
      return;
    }
    transaction.respond(invite === undefined ? 481 : 200, { tag: newTag() });
    if (invite !== undefined) this.#handlers.onCancel(invite);
  }
}

/** `received` and `rport` (RFC 3581) so that the response finds its way. */
function stampVia(request: SipRequest, flow: Flow): SipRequest {
  let isFirst = true;
  const headers = request.headers.map(([name, value]): [string, string] => {
    if (name !== 'via' || !isFirst) return [name, value];
    isFirst = false;
    const { host, port } = flow.address;
    const withPort = value.replace(/;\s*rport(?=;|$)/i, `;rport=${port}`);
    return [
      name,
      parseVia(value).host === host && withPort === value ? value : `${withPort};received=${host}`,
    ];
  });
  return { ...request, headers };
}

/** The magic cookie of section 8.1.1.7. */
export function newBranch(): string {
  return `z9hG4bK${randomBytes(9).toString('hex')}`;
}

export function newTag(): string {
  return randomBytes(6).toString('hex');
}

function clientKey(branch: string, method: string): string {
  return `${branch} ${method}`;
}
