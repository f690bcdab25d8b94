import { contactOf, type Dialog } from './dialog.ts';
import { parseCSeq, parseNameAddress, parseUri, toParty } from './headers.ts';
import { newTag } from './layer.ts';
import { headerOf, headersOf, type Header } from './message.ts';
import type { ServerTransaction } from './server-transaction.ts';
import { allow, BaseSession, sdpType, type SessionContext } from './session.ts';
import type { DirectoryUser, InboundSession, SipAddress, SipParty } from './user-agent.types.ts';

/** A call to us: the UAS side of INVITE (RFC 3261 section 13.3). */
export class InboundInvite extends BaseSession implements InboundSession {
  readonly direction = 'inbound';
  readonly from: SipParty;
  readonly to: SipParty;
  readonly requestUri: InboundSession['requestUri'];
  readonly authenticatedUser: string | undefined;
  readonly userVariables: Readonly<Record<string, string>>;
  readonly via: string;
  readonly #transaction: ServerTransaction;
  readonly #tag = newTag();
  #isAnswered = false;

  constructor(
    transaction: ServerTransaction,
    caller: DirectoryUser | undefined,
    context: SessionContext,
  ) {
    const { request, flow } = transaction;
    super(headerOf(request.headers, 'call-id') ?? '', context);
    this.#transaction = transaction;
    this.authenticatedUser = caller?.username;
    this.userVariables = caller?.variables ?? {};
    this.via = headerOf(request.headers, 'via') ?? '';
    const from = headerOf(request.headers, 'from') ?? '';
    const to = headerOf(request.headers, 'to') ?? '';
    this.from = toParty(parseNameAddress(from));
    this.to = toParty(parseNameAddress(to));
    const { user, host, port, text } = parseUri(request.uri);
    this.requestUri = { user, host, port, uri: text };
    this.remoteSdp = request.body === '' ? undefined : request.body;
    this.dialog = {
      callId: this.sipCallId,
      localTag: this.#tag,
      remoteTag: this.from.tag ?? '',
      localParty: `${to};tag=${this.#tag}`,
      remoteParty: from,
      remoteTarget: contactOf(request) ?? this.from.uri,
      routes: headersOf(request.headers, 'record-route'),
      localSequence: 0,
      remoteSequence: parseCSeq(headerOf(request.headers, 'cseq')).number,
      flow,
    } satisfies Dialog;
  }

  protected get isUp(): boolean {
    return this.#isAnswered;
  }

  protected get isCaller(): boolean {
    return false;
  }

  get remoteAddress(): SipAddress {
    return this.#transaction.flow.address;
  }

  get invite(): ServerTransaction {
    return this.#transaction;
  }

  header(name: string): string | undefined {
    return headerOf(this.#transaction.request.headers, name.toLowerCase());
  }

  headers(name: string): readonly string[] {
    return headersOf(this.#transaction.request.headers, name.toLowerCase());
  }

  ring(sdp?: string): void {
    const headers: Header[] = [['contact', this.contact()]];
    // An offer of ours cannot go into a response that may be lost (section 13.2.1).
    if (sdp === undefined || this.remoteSdp === undefined) {
      this.#respond(180, headers);
      return;
    }
    this.#respond(183, [...headers, sdpType], sdp);
  }

  answer(sdp: string): void {
    if (this.isEnded || this.#isAnswered) return;
    this.#isAnswered = true;
    this.awaitsAnswer = this.remoteSdp === undefined;
    const headers: Header[] = [
      ['contact', this.contact()],
      ['allow', allow],
      ['supported', 'timer, replaces'],
      sdpType,
      ...this.sessionTimer(this.#transaction.request),
    ];
    this.#respond(200, headers, sdp);
    this.repeatUntilAck(() => this.#transaction.onRepeat());
  }

  hangup({
    status = 480,
    reason,
    q850,
  }: { status?: number; reason?: string; q850?: number } = {}): void {
    if (this.isEnded) return;
    const cause = {
      ...(q850 === undefined ? {} : { q850 }),
      ...(reason === undefined ? {} : { reason }),
    };
    if (this.#isAnswered) this.bye(cause);
    else {
      const headers: Header[] =
        q850 === undefined ? [] : [['reason', `Q.850;cause=${q850};text="${reason ?? ''}"`]];
      this.#respond(status, headers);
    }
    this.end({ by: 'local', status, reason: reason ?? '', q850 });
  }

  /** The caller gave up before we answered (section 9.2). */
  onCancel(): void {
    if (this.isEnded || this.#isAnswered) return;
    this.#respond(487, []);
    this.end({ by: 'remote', status: 487, reason: 'CANCEL', q850: undefined });
  }

  /** Section 15.1.2: who hangs up before the answer still gets one. */
  protected override onBye(): void {
    if (!this.#isAnswered) this.#respond(487, []);
  }

  #respond(status: number, headers: readonly Header[], body = ''): void {
    this.#transaction.respond(status, { tag: this.#tag, headers, body });
  }
}
