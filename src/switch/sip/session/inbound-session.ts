import { contactOf, type Dialog } from './dialog.ts';
import { parseCSeq, parseNameAddress, parseUri, toParty } from '../message/headers.ts';
import { newTag } from '../transaction/layer.ts';
import { headerOf, headersOf, tokensOf, type Header, type SipRequest } from '../message/message.ts';
import { ReliableResponses } from './reliable-responses.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { SessionContext } from './dialog-user.ts';
import { allow, BaseSession, sdpType } from './session.ts';
import type { DirectoryUser, InboundSession, SipAddress, SipParty } from '../user-agent.types.ts';

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
  /** Where the caller wants provisional responses that it acknowledges. */
  readonly #reliable: ReliableResponses | undefined;
  #isAnswered = false;
  #isAnswering = false;

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
    this.offers.remoteSdp = request.body === '' ? undefined : request.body;
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
    this.learnAllowed(request);
    this.#reliable = tokensOf(request.headers, 'require').includes('100rel')
      ? new ReliableResponses(request, {
          send: ({ status, headers, body }) => this.#respond(status, headers, body),
          repeat: () => transaction.onRepeat(),
          onTimeout: () => this.#giveUp(),
        })
      : undefined;
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
    const headers: Header[] = [
      ['contact', this.contact()],
      ['allow', allow],
    ];
    if (this.#reliable !== undefined) {
      // The first reliable response would have to hold our offer (RFC 3261 section 13.2.1); that goes into the 2xx.
      if (this.remoteSdp === undefined || this.#isAnswering) return;
      this.#reliable.send(
        sdp === undefined
          ? { status: 180, headers, body: '' }
          : { status: 183, headers: [...headers, sdpType], body: sdp },
      );
      return;
    }
    // An offer of ours cannot go into a response that may be lost (section 13.2.1).
    if (sdp === undefined || this.remoteSdp === undefined) {
      this.#respond(180, headers);
      return;
    }
    this.#respond(183, [...headers, sdpType], sdp);
  }

  answer(sdp: string): void {
    if (this.isEnded || this.#isAnswered || this.#isAnswering) return;
    this.#isAnswering = true;
    // Not before an answer in a provisional response has arrived (RFC 3262 section 3).
    if (this.#reliable === undefined) this.#accept(sdp);
    else this.#reliable.whenAcknowledged(() => this.#accept(sdp));
  }

  #accept(sdp: string): void {
    if (this.isEnded) return;
    this.#isAnswered = true;
    this.offers.awaitsAnswer = this.remoteSdp === undefined;
    const isDescribed = this.#reliable?.hasDescribed === true;
    const headers: Header[] = [
      ['contact', this.contact()],
      ['allow', allow],
      ['supported', 'timer, replaces, 100rel'],
      ...(isDescribed ? [] : [sdpType]),
      ...this.sessionTimer(this.#transaction.request),
    ];
    this.#respond(200, headers, isDescribed ? '' : sdp);
    this.repeatUntilAck(this.#transaction);
  }

  protected override onPrack(request: SipRequest, transaction: ServerTransaction): void {
    const { body } = request;
    if (this.#reliable?.acknowledge(request) !== true) {
      transaction.respond(481);
      return;
    }
    if (body === '') {
      transaction.respond(200);
      this.#reliable.proceed();
      return;
    }
    // An offer: what was offered in the INVITE is answered already (RFC 3262 section 5).
    void this.answerOffer(body, transaction).then(() => this.#reliable?.proceed());
  }

  #giveUp(): void {
    if (this.isEnded || this.#isAnswered) return;
    this.#respond(504, []);
    this.end({ by: 'network', status: 504, reason: 'no PRACK', q850: 102 });
  }

  hangup({
    status = 480,
    reason,
    q850,
  }: { status?: number; reason?: string; q850?: number } = {}): void {
    if (this.isEnded) return;
    this.#reliable?.stop();
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
    this.#reliable?.stop();
    this.#respond(487, []);
    this.end({ by: 'remote', status: 487, reason: 'CANCEL', q850: undefined });
  }

  override abandon(): void {
    this.#reliable?.stop();
    super.abandon();
  }

  /** Section 15.1.2: who hangs up before the answer still gets one. */
  protected override onBye(): void {
    this.#reliable?.stop();
    if (!this.#isAnswered) this.#respond(487, []);
  }

  #respond(status: number, headers: readonly Header[], body = ''): void {
    this.#transaction.respond(status, { tag: this.#tag, headers, body });
  }
}
