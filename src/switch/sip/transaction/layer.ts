import { randomBytes } from 'node:crypto';
import type { Log } from '../../../core/log.ts';
import { messageOf } from '../../../core/errors.ts';
import { ClientTransaction, type ClientHandlers } from './client-transaction.ts';
import { SourceCounts, sourceOfFlow, TokenBuckets } from '../transport/guards.ts';
import { parseCSeq, parseNameAddress, parseVia } from '../message/headers.ts';
import { Inbox } from '../transport/inbox.ts';
import type { Refusals, SipLimits } from '../transport/limits.ts';
import {
  headerOf,
  headersOf,
  parseMessage,
  salvageRequest,
  serialize,
  SipSyntaxError,
  type Header,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../message/message.ts';
import { responseTo, ServerTransaction } from './server-transaction.ts';
import { openTransports, type TransportOptions } from '../transport/transport.ts';
import type { Flow, Transports } from '../transport/transport.types.ts';
import { responseAddress, stampVia } from '../message/via.ts';

export interface LayerHandlers {
  /** A request that belongs to no transaction yet; ACK to a 2xx comes here too. */
  onRequest: (request: SipRequest, transaction: ServerTransaction) => void;
  onAck: (request: SipRequest, flow: Flow) => void;
  onCancel: (invite: ServerTransaction) => void;
  /** A browser's connection is over. */
  onClosed: (flow: Flow) => void;
  /** Whether a request that begins something may go on; what it is refused with otherwise. */
  admit: (request: SipRequest, flow: Flow) => Refusal | undefined;
  /** The same for one with a To tag: whether there is such a dialog, and it comes from its far end. */
  admitInDialog: (
    request: SipRequest,
    flow: Flow,
    tags: { from: string; to: string },
  ) => Refusal | undefined;
  /** A call or a registration runs on that connection. */
  isInUse: (flow: Flow) => boolean;
  /** A trunk, or a telephone that is registered. */
  isKnown: (flow: Flow) => boolean;
  limits: SipLimits;
  refusals: Refusals;
}

/** Answered without a transaction (RFC 3261 section 8.2.7): a refusal that is lost is asked for again. */
export interface Refusal {
  status: number;
  headers?: readonly Header[];
}

const maxTransactions = 50_000;
/** So many places are for trunks and telephones alone, and no one address of theirs has more than the others. */
const strangersTransactions = 0.75 * maxTransactions;
const full: Refusal = { status: 503, headers: [['retry-after', '5']] };
/** Refusals without a transaction that one source is answered with in a second; more are dropped. */
const refusalsPerSecond = 100;

/** Sockets and transactions: turns bytes into requests that are new, and responses to ours. */
export class SipLayer {
  readonly #log: Log;
  readonly #host: string;
  readonly #handlers: LayerHandlers;
  readonly #servers = new Map<string, ServerTransaction>();
  readonly #perSource = new SourceCounts<string>();
  readonly #inbox: Inbox;
  /** By From tag, Call-ID and CSeq: the transaction of a request without a To tag (section 8.2.2.2). */
  readonly #merges = new Map<string, ServerTransaction>();
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #answers = new TokenBuckets({
    perSecond: refusalsPerSecond,
    burst: refusalsPerSecond,
  });
  #transports: Transports | undefined;

  private constructor(host: string, handlers: LayerHandlers, log: Log) {
    this.#host = host;
    this.#handlers = handlers;
    this.#log = log;
    this.#inbox = new Inbox({
      handle: (bytes, flow) => this.#receive(bytes, flow),
      isKnown: (flow) => handlers.isKnown(flow),
      onDropped: (flow) => handlers.refusals.count('overload', sourceOfFlow(flow)),
    });
  }

  static async open(
    address: TransportOptions,
    handlers: LayerHandlers,
    log: Log,
  ): Promise<SipLayer> {
    const layer = new SipLayer(address.host, handlers, log);
    layer.#transports = await openTransports(address, {
      ...handlers,
      receive: (bytes, flow) => layer.#inbox.push(bytes, flow),
      log,
    });
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
    const { transport } = flow.address;
    const port = transport === 'tls' ? (this.transports.tlsPort ?? this.port) : this.port;
    const via = `SIP/2.0/${transport.toUpperCase()} ${this.#host}:${port};branch=${branch};rport`;
    return { ...request, headers: [['via', via], ...request.headers] };
  }

  /** For ACK to a 2xx, which is no transaction. */
  sendRaw(request: SipRequest, flow: Flow): void {
    flow.send(serialize(request));
  }

  async close(): Promise<void> {
    this.#inbox.close();
    this.#closeTransactions();
    await this.#transports?.close();
    // Those that began while the last datagrams were on their way.
    this.#closeTransactions();
  }

  #closeTransactions(): void {
    for (const transaction of this.#servers.values()) transaction.close();
    for (const transaction of this.#clients.values()) transaction.close();
  }

  /** Whatever comes from a peer ends here: nothing of it throws through the socket that brought it. */
  #receive(bytes: Buffer, flow: Flow): void {
    // Keep-alives of phones behind NAT.
    if (bytes.length <= 4 && bytes.toString().trim() === '') return;
    let message: SipMessage;
    try {
      message = parseMessage(bytes);
    } catch (error) {
      this.#refuseMalformed(bytes, flow, error);
      return;
    }
    try {
      if (message.kind === 'response') this.#onResponse(message);
      else this.#onRequest(message, flow);
    } catch (error) {
      const status = error instanceof SipSyntaxError ? error.status : 500;
      this.#log.debug({ reason: messageOf(error), from: flow.address.host }, 'SIP message refused');
      if (message.kind === 'request' && message.method !== 'ACK') {
        this.#answer(message, flow, { status });
      }
    }
  }

  #refuseMalformed(bytes: Buffer, flow: Flow, error: unknown): void {
    if (!(error instanceof SipSyntaxError)) throw error;
    const { refusals } = this.#handlers;
    refusals.count('malformed', sourceOfFlow(flow));
    this.#log.debug({ reason: error.message, from: flow.address.host }, 'SIP message refused');
    const request = salvageRequest(bytes);
    const isAnswered =
      request !== undefined && this.#answer(request, flow, { status: error.status });
    if (!isAnswered) flow.destroy?.();
  }

  /** Says no without keeping anything; false when there is nobody to say it to. */
  #answer(request: SipRequest, flow: Flow, { status, headers }: Refusal): boolean {
    // What else is missing is missing in the answer too (RFC 4475 section 3.3.1).
    const needed = ['via', 'cseq'];
    if (needed.some((name) => headerOf(request.headers, name) === undefined)) return false;
    if (!this.#answers.take(sourceOfFlow(flow))) return true;
    try {
      const stamped = stampVia(request, flow.address);
      const options = { tag: newTag(), ...(headers === undefined ? {} : { headers }) };
      this.#replyFlow(stamped, flow).send(serialize(responseTo(stamped, status, options)));
      return true;
    } catch (error) {
      if (error instanceof SipSyntaxError) return false;
      throw error;
    }
  }

  #onResponse(response: SipResponse): void {
    // Section 8.1.3.3: one with more than our own Via came to the wrong place.
    const [own, other] = headersOf(response.headers, 'via');
    if (own === undefined || other !== undefined) return;
    const { method } = parseCSeq(headerOf(response.headers, 'cseq'));
    const branch = parseVia(own).params.get('branch') ?? '';
    this.#clients.get(clientKey(branch, method))?.onResponse(response);
  }

  #onRequest(received: SipRequest, flow: Flow): void {
    const request = stampVia(received, flow.address);
    const vias = headersOf(request.headers, 'via').map(parseVia);
    const [via] = vias;
    if (via === undefined || vias.some(({ version }) => version !== '2.0')) {
      throw new SipSyntaxError('bad Via');
    }
    const cseq = parseCSeq(headerOf(request.headers, 'cseq'));
    if (cseq.method !== request.method) throw new SipSyntaxError('CSeq names another method');
    for (const name of ['from', 'to', 'call-id']) {
      if (headersOf(request.headers, name).length !== 1) throw new SipSyntaxError(`${name} once`);
    }
    // Section 17.2.3: branch, sent-by and method tell a transaction; ACK and CANCEL name an INVITE.
    const call = headerOf(request.headers, 'call-id') ?? '';
    const base = `${via.params.get('branch') ?? ''} ${via.host}:${via.port ?? 5060} ${call} ${cseq.number}`;
    const invite = this.#servers.get(`${base} INVITE`);
    if (request.method === 'ACK') {
      // Some phones reuse the branch for the ACK to a 2xx, which belongs to the dialog.
      if (invite?.onAck() !== true) this.#handlers.onAck(request, flow);
      return;
    }
    const key = `${base} ${request.method}`;
    const known = this.#servers.get(key);
    if (known !== undefined) known.onRepeat();
    else if (request.method === 'CANCEL') this.#onCancel(request, flow, key, invite);
    else this.#onNew(request, flow, key);
  }

  #onCancel(
    request: SipRequest,
    flow: Flow,
    key: string,
    invite: ServerTransaction | undefined,
  ): void {
    // Section 9.1: it comes the way its INVITE came.
    if (invite?.flow.address.host !== flow.address.host) {
      this.#answer(request, flow, { status: 481 });
      return;
    }
    this.#begin(request, flow, key)?.respond(200, { tag: newTag() });
    this.#handlers.onCancel(invite);
  }

  #onNew(request: SipRequest, flow: Flow, key: string): void {
    const to = parseNameAddress(headerOf(request.headers, 'to') ?? '');
    const from = parseNameAddress(headerOf(request.headers, 'from') ?? '').params.get('tag') ?? '';
    const toTag = to.params.get('tag');
    if (toTag !== undefined) {
      const unknown = this.#handlers.admitInDialog(request, flow, { from, to: toTag });
      if (unknown !== undefined) {
        this.#answer(request, flow, unknown);
        return;
      }
      const transaction = this.#begin(request, flow, key);
      if (transaction !== undefined) this.#handlers.onRequest(request, transaction);
      return;
    }
    const call = headerOf(request.headers, 'call-id') ?? '';
    const sequence = headerOf(request.headers, 'cseq') ?? '';
    const mergeKey = `${from} ${call} ${sequence}`;
    const other = this.#merges.get(mergeKey);
    // One that was challenged may come again with its password and, from some phones, the same CSeq.
    if (other !== undefined && !other.isChallenged) {
      this.#answer(request, flow, { status: 482 });
      return;
    }
    const refusal = this.#handlers.admit(request, flow);
    if (refusal !== undefined) {
      this.#answer(request, flow, refusal);
      return;
    }
    const transaction = this.#begin(request, flow, key, mergeKey);
    if (transaction === undefined) return;
    this.#merges.set(mergeKey, transaction);
    this.#handlers.onRequest(request, transaction);
  }

  #begin(
    request: SipRequest,
    flow: Flow,
    key: string,
    mergeKey?: string,
  ): ServerTransaction | undefined {
    const source = sourceOfFlow(flow);
    const isEnding = mergeKey === undefined && ['BYE', 'CANCEL'].includes(request.method);
    if (!this.#hasPlace(flow, { source, isEnding })) {
      this.#handlers.refusals.count('transactions', source);
      this.#answer(request, flow, full);
      return undefined;
    }
    const reply = () => this.#replyFlow(request, flow);
    const transaction: ServerTransaction = new ServerTransaction(request, flow, reply, () => {
      this.#servers.delete(key);
      this.#perSource.delete(key);
      if (mergeKey !== undefined && this.#merges.get(mergeKey) === transaction) {
        this.#merges.delete(mergeKey);
      }
    });
    this.#servers.set(key, transaction);
    this.#perSource.add(key, source);
    return transaction;
  }

  /** Each request is kept for 32 seconds after its answer. What ends a call has a place as long as there are any. */
  #hasPlace(flow: Flow, { source, isEnding }: { source: string; isEnding: boolean }): boolean {
    const all = this.#servers.size;
    if (all >= maxTransactions) return false;
    if (isEnding) return true;
    const held = this.#perSource.of(source);
    if (held < this.#handlers.limits.transactions && all < strangersTransactions) return true;
    return held < strangersTransactions && this.#handlers.isKnown(flow);
  }

  /** Where a response goes: back on its connection while that is open, else as its Via says. */
  #replyFlow(request: SipRequest, flow: Flow): Flow {
    if (flow.isReliable && (flow.isOpen || flow.address.transport === 'ws')) return flow;
    return this.transports.flowTo(responseAddress(request, flow.address));
  }
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
