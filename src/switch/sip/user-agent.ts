import type { Log } from '../../core/log.ts';
import { messageOf } from '../../core/errors.ts';
import { dialogKey } from './dialog.ts';
import { DigestGuard } from './digest.ts';
import { RateGuard } from './guards.ts';
import { parseNameAddress, parseUri } from './headers.ts';
import { InboundInvite } from './inbound-session.ts';
import { newTag, SipLayer } from './layer.ts';
import { headerOf, type Header, type SipRequest } from './message.ts';
import { OutboundCall } from './outbound-session.ts';
import { Registrar } from './registrar.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { Flow } from './transport.ts';
import { isTooShort, minSessionSec } from './session-timer.ts';
import { allow, type BaseSession, type SessionContext } from './session.ts';
import type {
  DirectoryUser,
  OutboundInvite,
  OutboundSession,
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

/** Wrong passwords per user and source before digest is refused unseen. */
const guessesPerMinute = 10;

class UserAgent implements SipUserAgent {
  onInvite: SipUserAgent['onInvite'] = (session) => session.hangup({ status: 480 });
  isOpenDestination: SipUserAgent['isOpenDestination'] = () => false;
  onRegistration: SipUserAgent['onRegistration'] = () => undefined;

  readonly #options: SipUserAgentOptions;
  readonly #log: Log;
  readonly #digest: DigestGuard;
  readonly #registrar = new Registrar((change) => this.onRegistration(change));
  readonly #sessions = new Map<string, BaseSession>();
  readonly #invites = new Map<ServerTransaction, InboundInvite>();
  readonly #guesses = new RateGuard({ limit: guessesPerMinute, windowMs: 60_000 });
  readonly #requests: RateGuard;
  /** INVITEs taken back while we looked up who sent them. */
  readonly #cancelled = new WeakSet<ServerTransaction>();
  #layer: SipLayer | undefined;

  constructor(options: SipUserAgentOptions, log: Log) {
    this.#options = options;
    this.#log = log;
    this.#digest = new DigestGuard(options.realm);
    this.#requests = new RateGuard({ limit: options.maxRequestsPerSecond ?? 1000, windowMs: 1000 });
  }

  async open(): Promise<void> {
    this.#layer = await SipLayer.open(
      this.#options,
      {
        onRequest: (request, transaction) => this.#onRequest(request, transaction),
        onAck: (request) => this.#sessionOf(request)?.onAck(request),
        onCancel: (invite) => {
          this.#cancelled.add(invite);
          this.#invites.get(invite)?.onCancel();
        },
        onClosed: (flow) => {
          this.#registrar.onClosed(flow);
          for (const session of [...this.#sessions.values()]) session.onClosed(flow);
        },
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

  invite(options: OutboundInvite): OutboundSession {
    const session = new OutboundCall(options, this.#context);
    this.#sessions.set(dialogKey(session.sipCallId, session.dialogTag), session);
    return session;
  }

  contactsOf(username: string): readonly SipContact[] {
    return this.#registrar.contactsOf(username);
  }

  forget(username: string): void {
    for (const flow of this.#registrar.forget(username)) flow.close?.();
  }

  async close(): Promise<void> {
    this.#registrar.close();
    for (const session of [...this.#sessions.values()]) session.hangup({ status: 503 });
    await this.#layer?.close();
  }

  async vanish(): Promise<void> {
    this.#registrar.close();
    await this.#layer?.close();
  }

  get #openLayer(): SipLayer {
    if (this.#layer === undefined) throw new Error('the user agent is not open');
    return this.#layer;
  }

  get #context(): SessionContext {
    const layer = this.#openLayer;
    return {
      layer,
      log: this.#log,
      contact: ({ transport }) =>
        `<sip:${this.#options.realm === '' ? 'phone' : 'lingting'}@${layer.host}:${layer.port}${transport === 'udp' ? '' : `;transport=${transport}`}>`,
      onGone: (session) => {
        this.#sessions.delete(dialogKey(session.sipCallId, session.dialogTag));
        if (session instanceof InboundInvite) this.#invites.delete(session.invite);
      },
    };
  }

  #onRequest(request: SipRequest, transaction: ServerTransaction): void {
    try {
      this.#route(request, transaction);
    } catch (error) {
      this.#log.debug({ reason: messageOf(error), method: request.method }, 'SIP request refused');
      transaction.respond(400, { tag: newTag() });
    }
  }

  #later(request: SipRequest, transaction: ServerTransaction, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#log.debug({ reason: messageOf(error), method: request.method }, 'SIP request refused');
      transaction.respond(400, { tag: newTag() });
    });
  }

  #route(request: SipRequest, transaction: ServerTransaction): void {
    const to = parseNameAddress(headerOf(request.headers, 'to') ?? '');
    if (to.params.has('tag')) {
      const session = this.#sessionOf(request);
      if (session === undefined) {
        transaction.respond(481);
        return;
      }
      session.onRequest(request, transaction);
      return;
    }
    if (!this.#requests.take(transaction.flow.address.host)) {
      transaction.respond(503, { tag: newTag(), headers: [['retry-after', '5']] });
      return;
    }
    if (headerOf(request.headers, 'max-forwards') === '0') {
      transaction.respond(483, { tag: newTag() });
      return;
    }
    const required = headerOf(request.headers, 'require');
    if (required !== undefined && !/^(timer|replaces)$/i.test(required)) {
      transaction.respond(420, { tag: newTag(), headers: [['unsupported', required]] });
      return;
    }
    switch (request.method) {
      case 'INVITE': {
        this.#later(request, transaction, this.#onNewInvite(request, transaction));
        return;
      }
      case 'REGISTER': {
        this.#later(request, transaction, this.#onRegister(request, transaction));
        return;
      }
      case 'OPTIONS': {
        transaction.respond(200, {
          tag: newTag(),
          headers: [
            ['allow', allow],
            ['accept', 'application/sdp'],
            ['supported', 'timer, replaces'],
          ],
        });
        return;
      }
      case 'BYE':
      case 'UPDATE':
      case 'INFO':
      case 'REFER':
      case 'NOTIFY': {
        transaction.respond(481, { tag: newTag() });
        return;
      }
      default: {
        transaction.respond(405, { tag: newTag(), headers: [['allow', allow]] });
        return;
      }
    }
  }

  async #onNewInvite(request: SipRequest, transaction: ServerTransaction): Promise<void> {
    if (isTooShort(request.headers)) {
      const headers: Header[] = [['min-se', String(minSessionSec)]];
      transaction.respond(422, { tag: newTag(), headers });
      return;
    }
    if (this.#sessions.size >= this.#options.maxSessions) {
      transaction.respond(503, { tag: newTag(), headers: [['retry-after', '5']] });
      return;
    }
    const user = await this.#callerOf(request, transaction);
    if (user === 'refused') return;
    if (this.#cancelled.has(transaction)) {
      transaction.respond(487, { tag: newTag() });
      return;
    }
    transaction.respond(100);
    const session = new InboundInvite(transaction, user, this.#context);
    this.#sessions.set(dialogKey(session.sipCallId, session.dialogTag), session);
    this.#invites.set(transaction, session);
    this.onInvite(session);
  }

  /** Who proved to be a user; undefined for a stranger who may go on. */
  async #callerOf(
    request: SipRequest,
    transaction: ServerTransaction,
  ): Promise<DirectoryUser | 'refused' | undefined> {
    const from = parseNameAddress(headerOf(request.headers, 'from') ?? '').uri.user;
    const hasCredentials =
      headerOf(request.headers, 'proxy-authorization') !== undefined ||
      headerOf(request.headers, 'authorization') !== undefined;
    const isOpen = this.isOpenDestination(parseUri(request.uri).user);
    const { directory } = this.#options;
    if (hasCredentials || directory.known(from) !== undefined) {
      return (await this.#authenticate(request, transaction, 407)) ?? 'refused';
    }
    if (isOpen) return undefined;
    if ((await this.#find(from, transaction)) === undefined) {
      transaction.respond(403, { tag: newTag() });
      return 'refused';
    }
    return (await this.#authenticate(request, transaction, 407)) ?? 'refused';
  }

  async #onRegister(request: SipRequest, transaction: ServerTransaction): Promise<void> {
    const user = await this.#authenticate(request, transaction, 401);
    if (user === undefined) return;
    const to = parseNameAddress(headerOf(request.headers, 'to') ?? '').uri.user;
    // Nobody registers in another's name (section 10.3 step 4).
    if (to !== user.username) {
      transaction.respond(403, { tag: newTag() });
      return;
    }
    const { status, headers } = this.#registrar.register(user.username, request, transaction.flow);
    transaction.respond(status, { tag: newTag(), headers });
    this.#moveSessions(transaction.flow);
  }

  /** A browser that came back on a new connection takes its calls along. */
  #moveSessions(flow: Flow): void {
    if (!flow.isReliable) return;
    for (const session of this.#sessions.values()) {
      if (session.isReachable) continue;
      const found = this.#registrar.flowOf(session.remoteContact);
      if (found !== undefined) session.moveTo(found);
    }
  }

  /** The user, or undefined after the refusal or challenge was sent. */
  async #authenticate(
    request: SipRequest,
    transaction: ServerTransaction,
    challengeStatus: 401 | 407,
  ): Promise<DirectoryUser | undefined> {
    const header =
      headerOf(
        request.headers,
        challengeStatus === 407 ? 'proxy-authorization' : 'authorization',
      ) ?? headerOf(request.headers, 'authorization');
    const { username, isStale } = this.#digest.claimantOf(header);
    if (username === undefined) {
      this.#challenge(transaction, challengeStatus, isStale);
      return undefined;
    }
    const source = `${transaction.flow.address.host} ${username}`;
    if (this.#guesses.isOver(source)) {
      transaction.respond(403, { tag: newTag() });
      return undefined;
    }
    let user = await this.#find(username, transaction);
    let verdict = this.#digest.check(header, request.method, user?.ha1);
    if (verdict === 'wrong') {
      const fresh = await this.#options.directory.refresh(username).catch(() => undefined);
      if (fresh !== undefined && fresh.ha1 !== user?.ha1) {
        user = fresh;
        verdict = this.#digest.check(header, request.method, user.ha1);
      }
    }
    if (verdict === 'ok') return user;
    if (verdict === 'wrong') {
      this.#guesses.take(source);
      this.#log.warn(
        { pii: { username }, from: transaction.flow.address.host },
        'wrong SIP password',
      );
    }
    this.#challenge(transaction, challengeStatus, verdict === 'stale');
    return undefined;
  }

  #challenge(transaction: ServerTransaction, status: 401 | 407, isStale: boolean): void {
    transaction.respond(status, {
      tag: newTag(),
      headers: [
        [
          status === 407 ? 'proxy-authenticate' : 'www-authenticate',
          this.#digest.challenge(isStale),
        ],
      ],
    });
  }

  /** A directory that cannot be asked is no "no": the phone shall try again. */
  async #find(
    username: string,
    transaction: ServerTransaction,
  ): Promise<DirectoryUser | undefined> {
    try {
      return await this.#options.directory.find(username);
    } catch (error) {
      this.#log.warn({ reason: messageOf(error) }, 'the directory of users cannot be asked');
      transaction.respond(503, { tag: newTag(), headers: [['retry-after', '5']] });
      return undefined;
    }
  }

  #sessionOf(request: SipRequest): BaseSession | undefined {
    const tag = parseNameAddress(headerOf(request.headers, 'to') ?? '').params.get('tag') ?? '';
    return this.#sessions.get(dialogKey(headerOf(request.headers, 'call-id') ?? '', tag));
  }
}
