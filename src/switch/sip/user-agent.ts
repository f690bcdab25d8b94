import type { Log } from '../../core/log.ts';
import { Admission } from './admission.ts';
import { Authenticator } from './digest/authenticator.ts';
import { parseNameAddress, parseRequestUri } from './message/headers.ts';
import { headerOf, SipSyntaxError, type SipRequest } from './message/message.ts';
import { answerOutside } from './outside-dialogs.ts';
import { Registrar } from './registrar.ts';
import { openRegistration } from './registration.ts';
import type { Peers } from './session/dialog-peer.ts';
import type { SessionContext } from './session/dialog-user.ts';
import { InboundInvite } from './session/inbound-session.ts';
import { OutboundCall } from './session/outbound-session.ts';
import { SessionTable } from './session/session-table.ts';
import { newTag, SipLayer, type Refusal } from './transaction/layer.ts';
import type { ServerTransaction } from './transaction/server-transaction.ts';
import { sourceOfFlow } from './transport/guards.ts';
import { noSipLimits, Refusals, type SipLimits } from './transport/limits.ts';
import type { Flow } from './transport/transport.types.ts';
import type {
  DirectoryUser,
  OutboundInvite,
  OutboundSession,
  Registration,
  RegistrationOptions,
  SipContact,
  SipUserAgent,
  SipUserAgentOptions,
} from './user-agent.types.ts';

/** Opens the sockets; the agent is listening when this resolves. Rejects with EADDRINUSE and the like. */
export async function createUserAgent(
  options: SipUserAgentOptions,
  log: Log,
): Promise<SipUserAgent> {
  const agent = new UserAgent(options, log);
  await agent.open();
  return agent;
}

class UserAgent implements SipUserAgent {
  onInvite: SipUserAgent['onInvite'] = (session) => session.hangup({ status: 480 });
  isOpenDestination: SipUserAgent['isOpenDestination'] = () => false;
  isTrunk: SipUserAgent['isTrunk'] = () => false;
  onRegistration: SipUserAgent['onRegistration'] = () => undefined;

  readonly #options: SipUserAgentOptions;
  readonly #log: Log;
  readonly #authenticator: Authenticator;
  readonly #limits: SipLimits;
  readonly #refusals: Refusals;
  readonly #registrar = new Registrar((change) => this.onRegistration(change));
  readonly #sessions = new SessionTable();
  readonly #admission: Admission;
  readonly #invites = new Map<ServerTransaction, InboundInvite>();
  /** INVITEs taken back while we looked up who sent them. */
  readonly #cancelled = new WeakSet<ServerTransaction>();
  readonly #peers: Peers = {
    isTrunk: (host) => this.isTrunk(host),
    isUserOn: (username, flow) => this.#registrar.isUserOn(username, flow),
  };
  #layer: SipLayer | undefined;

  constructor(options: SipUserAgentOptions, log: Log) {
    this.#options = options;
    this.#log = log;
    const { directory, realm, maxSessions, maxRequestsPerSecond = 1000 } = options;
    this.#limits = options.limits ?? noSipLimits;
    this.#refusals = options.refusals ?? new Refusals(log);
    const { wrongPasswords } = this.#limits;
    const refusals = this.#refusals;
    this.#authenticator = new Authenticator({ directory, realm, wrongPasswords, refusals, log });
    this.#admission = new Admission({
      limits: this.#limits,
      refusals,
      maxSessions,
      requestsPerSecond: maxRequestsPerSecond,
      isKnown: (flow) => this.#isKnown(flow),
      sessions: () => this.#sessions.size,
    });
  }

  async open(): Promise<void> {
    this.#layer = await SipLayer.open(
      this.#options,
      {
        onRequest: (request, transaction) => this.#onRequest(request, transaction),
        onAck: (request, flow) => this.#onAck(request, flow),
        onCancel: (invite) => {
          this.#cancelled.add(invite);
          this.#invites.get(invite)?.onCancel();
        },
        onClosed: (flow) => {
          this.#registrar.onClosed(flow);
          for (const session of this.#sessions.all) session.onClosed(flow);
        },
        admit: (request, flow) => this.#admission.admit(request, flow),
        admitInDialog: (request, flow, tags) => this.#admitInDialog(request, flow, tags),
        isInUse: (flow) => this.#isInUse(flow),
        isKnown: (flow) => this.#isKnown(flow),
        limits: this.#limits,
        refusals: this.#refusals,
      },
      this.#log,
    );
  }

  get port(): number {
    return this.#openLayer.port;
  }

  get webSocketPort(): number | undefined {
    return this.#openLayer.transports.webSocketPort;
  }

  get tlsPort(): number | undefined {
    return this.#openLayer.transports.tlsPort;
  }

  invite(options: OutboundInvite): OutboundSession {
    const session = new OutboundCall(options, this.#context);
    session.users = this.#registrar.usersOn(session.remoteAddress);
    this.#sessions.add(session);
    return session;
  }

  contactsOf(username: string): readonly SipContact[] {
    return this.#registrar.contactsOf(username);
  }

  registeredUsers(): readonly string[] {
    return this.#registrar.users();
  }

  register(options: RegistrationOptions): Promise<Registration> {
    const { layer, contact } = this.#context;
    return openRegistration(options, layer, contact(options.registrar));
  }

  forget(username: string): void {
    for (const flow of this.#registrar.forget(username)) flow.close?.();
  }

  async close(): Promise<void> {
    this.#registrar.close();
    for (const session of this.#sessions.all) session.hangup({ status: 503 });
    await this.#layer?.close();
  }

  async vanish(): Promise<void> {
    this.#registrar.close();
    for (const session of this.#sessions.all) session.abandon();
    await this.#layer?.close();
  }

  get #openLayer(): SipLayer {
    if (this.#layer === undefined) throw new Error('the user agent is not open');
    return this.#layer;
  }

  get #context(): SessionContext {
    const layer = this.#openLayer;
    const { sessionSecondMs: secondMs } = this.#options;
    return {
      layer,
      log: this.#log,
      ...(secondMs === undefined ? {} : { secondMs }),
      contact: ({ transport }) => {
        const port = transport === 'tls' ? (layer.transports.tlsPort ?? layer.port) : layer.port;
        const suffix = transport === 'udp' ? '' : `;transport=${transport}`;
        return `<sip:lingting@${layer.host}:${port}${suffix}>`;
      },
      onGone: (session) => {
        this.#admission.onGone(session);
        this.#sessions.delete(session);
        if (session instanceof InboundInvite) this.#invites.delete(session.invite);
      },
    };
  }

  #onAck(request: SipRequest, flow: Flow): void {
    const session = this.#sessions.of(request);
    const from = parseNameAddress(headerOf(request.headers, 'from') ?? '').params.get('tag') ?? '';
    if (session?.isOfFarEnd(from, flow, this.#peers) !== true) return;
    if (session.onAck(request)) this.#admission.onConfirmed(session);
  }

  /** Whether a request in a dialog is of one that stands, and from its far end. */
  #admitInDialog(
    request: SipRequest,
    flow: Flow,
    { from, to }: { from: string; to: string },
  ): Refusal | undefined {
    const session = this.#sessions.find(headerOf(request.headers, 'call-id') ?? '', to);
    if (session?.isOfFarEnd(from, flow, this.#peers) === true) return undefined;
    const reason = session === undefined ? 'unknown_dialog' : 'foreign_request';
    this.#refusals.count(reason, sourceOfFlow(flow));
    return { status: 481 };
  }

  /** A trunk, or an address at which a telephone is registered; of browsers the connection itself. */
  #isKnown(flow: Flow): boolean {
    const { transport, host } = flow.address;
    if (transport === 'ws') return this.#registrar.hasFlow(flow);
    return this.isTrunk(host) || this.#registrar.hasPhoneAt(host);
  }

  #isInUse(flow: Flow): boolean {
    return this.#registrar.hasFlow(flow) || this.#sessions.runsOn(flow);
  }

  #onRequest(request: SipRequest, transaction: ServerTransaction): void {
    try {
      this.#route(request, transaction);
    } catch (error) {
      this.#onFault(request, transaction, error);
    }
  }

  #later(request: SipRequest, transaction: ServerTransaction, work: Promise<void>): void {
    work.catch((error: unknown) => this.#onFault(request, transaction, error));
  }

  #onFault(request: SipRequest, transaction: ServerTransaction, error: unknown): void {
    const isTheirs = error instanceof SipSyntaxError;
    const { method } = request;
    if (isTheirs) this.#log.debug({ reason: error.message, method }, 'SIP request refused');
    else this.#log.error({ err: error, method }, 'SIP request failed');
    transaction.respond(isTheirs ? error.status : 500, { tag: newTag() });
  }

  #route(request: SipRequest, transaction: ServerTransaction): void {
    const to = parseNameAddress(headerOf(request.headers, 'to') ?? '');
    if (to.params.has('tag')) {
      const session = this.#sessions.of(request);
      if (session === undefined) {
        transaction.respond(481);
        return;
      }
      session.onRequest(request, transaction);
      return;
    }
    const answer = answerOutside(request);
    if (answer === 'INVITE') this.#onNewInvite(request, transaction);
    else if (answer === 'REGISTER') {
      this.#later(request, transaction, this.#onRegister(request, transaction));
    } else transaction.respond(answer.status, { tag: newTag(), headers: answer.headers ?? [] });
  }

  /** At once for whoever needs no password, so that the next one is counted against it. */
  #onNewInvite(request: SipRequest, transaction: ServerTransaction): void {
    if (this.#needsNoPassword(request, transaction)) this.#begin(transaction, undefined);
    else this.#later(request, transaction, this.#askCaller(request, transaction));
  }

  async #askCaller(request: SipRequest, transaction: ServerTransaction): Promise<void> {
    const user = await this.#authenticator.authenticate(request, transaction, 407);
    if (user === undefined) return;
    if (this.#cancelled.has(transaction)) transaction.respond(487, { tag: newTag() });
    else this.#begin(transaction, user);
  }

  /** A call, of whoever proved to be a user, or of a stranger or trunk. */
  #begin(transaction: ServerTransaction, user: DirectoryUser | undefined): void {
    const { flow } = transaction;
    const isStranger = user === undefined && !this.#isKnown(flow);
    const refusal = isStranger ? this.#admission.admitStranger(flow) : undefined;
    if (refusal !== undefined) {
      transaction.respond(refusal.status, { tag: newTag(), headers: refusal.headers ?? [] });
      return;
    }
    transaction.respond(100);
    const session = new InboundInvite(transaction, user, this.#context);
    session.users =
      user === undefined ? this.#registrar.usersOn(flow.address) : new Set([user.username]);
    this.#admission.onBegun(session, flow, { isStranger });
    this.#sessions.add(session);
    this.#invites.set(transaction, session);
    this.onInvite(session);
  }

  /**
   * A stranger may go on, to a hotline and nowhere else. Asked for a password is whoever shows one, whoever dials
   * anything else, and a telephone that registered from where the call comes; never whoever only claims a name,
   * which would tell what names there are.
   */
  #needsNoPassword(request: SipRequest, { flow }: ServerTransaction): boolean {
    const from = parseNameAddress(headerOf(request.headers, 'from') ?? '').uri.user;
    const isShown = ['proxy-authorization', 'authorization'].some(
      (name) => headerOf(request.headers, name) !== undefined,
    );
    const isOpen = this.isOpenDestination(parseRequestUri(request.uri).user);
    return isOpen && !isShown && !this.#registrar.isRegistered(from, flow);
  }

  async #onRegister(request: SipRequest, transaction: ServerTransaction): Promise<void> {
    const user = await this.#authenticator.authenticate(request, transaction, 401);
    if (user === undefined) return;
    const to = parseNameAddress(headerOf(request.headers, 'to') ?? '').uri.user;
    // Nobody registers in another's name (section 10.3 step 4).
    if (to !== user.username) {
      transaction.respond(403, { tag: newTag() });
      return;
    }
    transaction.flow.prove?.();
    const { status, headers } = this.#registrar.register(user.username, request, transaction.flow);
    transaction.respond(status, { tag: newTag(), headers });
    this.#moveSessions(transaction.flow);
  }

  /** A browser that came back on a new connection takes its calls along. */
  #moveSessions(flow: Flow): void {
    if (!flow.isReliable) return;
    this.#sessions.moveLost((contact, users) => this.#registrar.flowOf(contact, users));
  }
}
