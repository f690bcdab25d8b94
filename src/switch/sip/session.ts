import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { flowOf, requestIn, contactOf, type Dialog } from './dialog.ts';
import { isOfFarEnd, type Peers } from './dialog-peer.ts';
import type { DigestClient } from './digest-client.ts';
import { parseCSeq, parseParams } from './message/headers.ts';
import type { SipLayer } from './transaction/layer.ts';
import {
  headerOf,
  headersOf,
  type Header,
  type SipRequest,
  type SipResponse,
} from './message/message.ts';
import { isSilent, referNotice, referOf } from './referral.ts';
import type { ServerTransaction } from './transaction/server-transaction.ts';
import {
  answerTimer,
  isTooShort,
  leastOf,
  minSessionSec,
  SessionTimer,
  termsOfResponse,
  timerHeaders,
} from './session-timer.ts';
import { Retransmitter, transactionMs } from './transaction/timers.ts';
import type { Flow } from './transport/transport.ts';
import type { SessionEnd, SipAddress, SipParty, SipSession } from './user-agent.types.ts';

export const allow = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, NOTIFY, PRACK';
/** Offers that cross are tried again so often. */
const maxGlares = 3;
const stableLimitMs = 10_000;
/** A request is sent again with credentials so often: two realms, and a nonce that is stale. */
const maxChallenged = 3;
export const sdpType: Header = ['content-type', 'application/sdp'];

export interface SessionContext {
  layer: SipLayer;
  log: Log;
  /** Our Contact for a transport. */
  contact: (address: SipAddress) => string;
  /** Of the session timers; a test sets it short. */
  secondMs?: number;
  /** The session is over: forget its dialog. */
  onGone: (session: BaseSession) => void;
}

/** What an INVITE dialog does once it exists, the same for both directions (RFC 3261 section 12–15). */
export abstract class BaseSession implements SipSession {
  readonly sipCallId: string;
  remoteSdp: string | undefined;
  abstract readonly from: SipParty;
  abstract readonly to: SipParty;

  onReoffer: SipSession['onReoffer'] = () => {
    throw new Error('not ready');
  };
  onOfferWanted: SipSession['onOfferWanted'] = () => {
    throw new Error('not ready');
  };
  onLateAnswer: SipSession['onLateAnswer'] = () => {
    throw new Error('not ready');
  };
  onConfirmed: SipSession['onConfirmed'] = () => undefined;
  onInfo: SipSession['onInfo'] = () => undefined;
  onRefer: SipSession['onRefer'] = () => ({ status: 603 });
  onUnreachable: SipSession['onUnreachable'] = () => undefined;
  onEnded: SipSession['onEnded'] = () => undefined;

  protected readonly context: SessionContext;
  protected dialog: Dialog | undefined;
  /** Answers what the far end challenges; there when we have a password for it. */
  protected digest: DigestClient | undefined;
  /** Our 2xx held an offer: the answer is in its ACK. */
  protected awaitsAnswer = false;
  protected isEnded = false;
  /** Users whose telephone is at the far end, as it was when the call began. */
  users: ReadonlySet<string> = new Set();
  /** CSeq of the INVITE whose 2xx waits for its ACK. */
  #unacknowledged: number | undefined;
  #okRepeater: Retransmitter | undefined;
  #ackTimer: NodeJS.Timeout | undefined;
  #isOffering = false;
  #isAnswering = false;
  #isConfirmed = false;
  #referrals = 0;
  /** What the far end understands, as it last said; undefined when it never did. */
  #allowed: ReadonlySet<string> | undefined;
  readonly #timer: SessionTimer;

  constructor(sipCallId: string, context: SessionContext) {
    this.sipCallId = sipCallId;
    this.context = context;
    this.#timer = new SessionTimer({
      refresh: () => this.#refresh(),
      expire: () => this.#expire(),
      ...(context.secondMs === undefined ? {} : { secondMs: context.secondMs }),
    });
  }

  get dialogTag(): string {
    return this.dialog?.localTag ?? '';
  }

  abstract get remoteAddress(): SipAddress;
  /** The call is up; until then there is nothing to renegotiate. */
  protected abstract get isUp(): boolean;
  /** We began the call, and so own its Call-ID. */
  protected abstract get isCaller(): boolean;
  abstract hangup(options?: { status?: number; reason?: string; q850?: number }): void;

  get remoteContact(): string {
    return this.dialog?.remoteTarget ?? '';
  }

  get isReachable(): boolean {
    return this.dialog?.flow.isOpen ?? true;
  }

  /** Whether a request that names this dialog comes from its far end. */
  isOfFarEnd(fromTag: string, flow: Flow, peers: Peers): boolean {
    const { dialog, users, isCaller } = this;
    if (dialog === undefined || this.isEnded) return false;
    return isOfFarEnd(dialog, { users, isCaller }, { fromTag, flow, peers });
  }

  runsOn(flow: Flow): boolean {
    return !this.isEnded && this.dialog?.flow === flow;
  }

  /** A connection is over; ours, perhaps. */
  onClosed(flow: Flow): void {
    if (!this.isEnded && this.dialog?.flow === flow) this.onUnreachable();
  }

  /** The far end has a new connection (RFC 5626: the flow may change in a dialog's life). */
  moveTo(flow: Flow): void {
    if (this.dialog !== undefined) this.dialog.flow = flow;
  }

  info(contentType: string, body: string): void {
    this.send('INFO', { headers: [['content-type', contentType]], body });
  }

  async refer(target: string): Promise<void> {
    const response = await this.request('REFER', {
      headers: [
        ['refer-to', `<${target}>`],
        ['referred-by', this.dialog?.localParty.replace(/;tag=.*/, '') ?? ''],
      ],
    });
    if (response.status >= 300) {
      throw new Error(`the far end refused to transfer: ${response.status}`);
    }
  }

  async reoffer(sdp: string): Promise<string> {
    for (let tried = 0; ; tried += 1) {
      const response = await this.#offer(sdp);
      if (response.status < 300) {
        this.remoteSdp = response.body;
        return response.body;
      }
      if (response.status !== 491 || tried >= maxGlares) {
        throw new Error(`the offer was refused: ${response.status}`);
      }
      await delay(this.#glareMs());
    }
  }

  /** Section 14.1: who owns the Call-ID waits longer, so that the two do not meet again. */
  #glareMs(): number {
    return this.isCaller ? 2100 + Math.random() * 1900 : Math.random() * 2000;
  }

  /** A re-INVITE, which refreshes the session too. */
  async #offer(sdp: string): Promise<SipResponse> {
    await this.#untilStable();
    if (this.dialog === undefined || this.isEnded) throw new Error('there is no call');
    this.#isOffering = true;
    try {
      const response = await this.request('INVITE', {
        headers: [
          sdpType,
          ['contact', this.contact()],
          ['allow', allow],
          ...timerHeaders(this.#timer.terms),
        ],
        body: sdp,
      });
      this.#onRefreshed(response);
      return response;
    } finally {
      this.#isOffering = false;
    }
  }

  /** One offer at a time in either direction (RFC 3264 section 4). */
  async #untilStable(): Promise<void> {
    for (let waitedMs = 0; this.#isOffering || this.#isAnswering; waitedMs += 20) {
      if (waitedMs > stableLimitMs) throw new Error('an offer is already on its way');
      await delay(20);
    }
  }

  /** A request within the dialog. */
  onRequest(request: SipRequest, transaction: ServerTransaction): void {
    const { dialog } = this;
    if (dialog === undefined || this.isEnded) {
      transaction.respond(481);
      return;
    }
    const { number } = parseCSeq(headerOf(request.headers, 'cseq'));
    // Section 12.2.2: an older number is out of order.
    if (number < dialog.remoteSequence) {
      transaction.respond(500);
      return;
    }
    dialog.remoteSequence = number;
    this.learnAllowed(request);
    // Only what `isOfFarEnd` let in comes here, and that leads to nothing less protected.
    if (transaction.flow.isReliable) dialog.flow = transaction.flow;
    switch (request.method) {
      case 'BYE':
        transaction.respond(200);
        {
          this.onBye();
          this.end({
            by: 'remote',
            status: 200,
            reason: 'BYE',
            q850: q850Of(request.headers),
          });
          return;
        }
      case 'INVITE':
      case 'UPDATE': {
        this.#onOffer(request, transaction).catch((error: unknown) => {
          this.context.log.debug({ reason: messageOf(error) }, 'an offer could not be answered');
          transaction.respond(500);
        });
        return;
      }
      case 'INFO':
        transaction.respond(200);
        {
          this.onInfo(headerOf(request.headers, 'content-type') ?? '', request.body);
          return;
        }
      case 'REFER': {
        this.#onReferRequest(request, transaction).catch((error: unknown) => {
          this.context.log.info({ reason: messageOf(error) }, 'a REFER was refused');
          transaction.respond(400);
        });
        return;
      }
      case 'PRACK': {
        this.onPrack(request, transaction);
        return;
      }
      case 'OPTIONS':
      case 'NOTIFY': {
        transaction.respond(200, { headers: [['allow', allow]] });
        return;
      }
      default: {
        transaction.respond(405, { headers: [['allow', allow]] });
        return;
      }
    }
  }

  /** ACK to one of our 2xx; the answer to an offer in that is in it. False when no 2xx waits for it. */
  onAck(request: SipRequest): boolean {
    const { number } = parseCSeq(headerOf(request.headers, 'cseq'));
    if (this.isEnded || number !== this.#unacknowledged) return false;
    this.#stopRepeating();
    const isFirst = !this.#isConfirmed;
    this.#isConfirmed = true;
    if (this.awaitsAnswer) {
      this.awaitsAnswer = false;
      void this.#takeLateAnswer(request.body, isFirst);
    }
    if (isFirst) this.onConfirmed();
    return true;
  }

  async #takeLateAnswer(sdp: string, isFirst: boolean): Promise<void> {
    try {
      if (sdp === '') throw new Error('an ACK without the answer to our offer');
      this.remoteSdp = sdp;
      await this.onLateAnswer(sdp);
    } catch (error) {
      this.context.log.info({ reason: messageOf(error) }, 'the answer in an ACK was refused');
      // In mid-call what was agreed on before goes on.
      if (!isFirst || this.isEnded) return;
      this.bye({ q850: 88, reason: 'no answer to our offer' });
      this.end({ by: 'network', status: 488, reason: 'no answer to our offer', q850: 88 });
    }
  }

  /** An `async` function, so that what the handler throws becomes a rejection. */
  async #take(sdp: string): Promise<string> {
    return this.onReoffer(sdp);
  }

  /** Sends within the dialog without caring for the response. */
  protected send(
    method: string,
    options: { headers?: readonly Header[]; body?: string } = {},
  ): void {
    this.request(method, options).catch((error: unknown) => {
      this.context.log.debug({ reason: messageOf(error), method }, 'no answer within the dialog');
    });
  }

  /** Sends within the dialog, and once more with credentials where the far end asks for them. */
  protected async request(
    method: string,
    options: { headers?: readonly Header[]; body?: string } = {},
  ): Promise<SipResponse> {
    for (let tried = 0; ; tried += 1) {
      const response = await this.#sendOnce(method, options);
      const isChallenge = response.status === 401 || response.status === 407;
      if (!isChallenge || tried >= maxChallenged) return response;
      if (this.digest?.take(response, { hasAnswered: tried > 0 }) !== true) return response;
    }
  }

  #sendOnce(
    method: string,
    options: { headers?: readonly Header[]; body?: string },
  ): Promise<SipResponse> {
    const { dialog, context } = this;
    if (dialog === undefined) return Promise.reject(new Error('there is no dialog'));
    const flow = flowOf(dialog, context.layer.transports);
    const request = this.#withCredentials(requestIn(dialog, method, options));
    const { number } = parseCSeq(headerOf(request.headers, 'cseq'));
    // What is told of a transfer is no part of the call (RFC 5057).
    const isOfCall = method !== 'NOTIFY' && method !== 'REFER';
    return new Promise((resolve, reject) => {
      context.layer.send(request, flow, {
        onFinal: (response) => {
          if (method === 'INVITE' && response.status < 300) this.sendAck(number);
          if (response.status < 300) this.learnAllowed(response);
          // Section 12.2.1.2: the far end has forgotten the call.
          const isForgotten = response.status === 481 || response.status === 408;
          if (isForgotten && isOfCall) this.#lost(response.status);
          resolve(response);
        },
        onTimeout: () => {
          if (isOfCall) this.#lost(408);
          reject(new Error('timeout'));
        },
      });
    });
  }

  #withCredentials(request: SipRequest): SipRequest {
    const more = this.digest?.headersFor(request) ?? [];
    return { ...request, headers: [...request.headers, ...more] };
  }

  protected sendAck(sequence: number): void {
    if (this.dialog === undefined) return;
    const flow = flowOf(this.dialog, this.context.layer.transports);
    // Section 22.1: with the credentials of the INVITE.
    const ack = this.#withCredentials(
      requestIn({ ...this.dialog, localSequence: sequence }, 'ACK'),
    );
    const bytes = this.context.layer.withVia(ack, flow);
    this.context.layer.sendRaw(bytes, flow);
  }

  protected bye({ q850, reason }: { q850?: number; reason?: string } = {}): void {
    const headers: Header[] =
      q850 === undefined ? [] : [['reason', `Q.850;cause=${q850};text="${reason ?? ''}"`]];
    this.send('BYE', { headers });
  }

  protected contact(): string {
    const flow = this.dialog?.flow.address;
    return this.context.contact(flow ?? { transport: 'udp', host: '', port: 0 });
  }

  /** Repeats a 2xx until its ACK (section 13.3.1.4); without one the call cannot stand. */
  protected repeatUntilAck(invite: ServerTransaction): void {
    this.#stopRepeating();
    this.#unacknowledged = parseCSeq(headerOf(invite.request.headers, 'cseq')).number;
    this.#okRepeater = new Retransmitter(() => invite.onRepeat());
    this.#ackTimer = setTimeout(() => {
      this.#stopRepeating();
      if (this.isEnded) return;
      this.bye();
      this.end({ by: 'network', status: 408, reason: 'no ACK', q850: 102 });
    }, transactionMs);
  }

  protected end(end: SessionEnd): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#stopRepeating();
    this.#timer.stop();
    this.context.onGone(this);
    this.onEnded(end);
  }

  /** For what else ends with the call, e.g. an INVITE that is not answered yet. */
  protected onBye(): void {
    // Nothing, once the call is up.
  }

  /** Nothing of ours waits to be acknowledged (RFC 3262 section 3). */
  protected onPrack(_request: SipRequest, transaction: ServerTransaction): void {
    transaction.respond(481);
  }

  /** Answers an offer in a request that is no INVITE. */
  protected async answerOffer(offer: string, transaction: ServerTransaction): Promise<void> {
    const body = await this.#describe(offer);
    if (typeof body === 'string') transaction.respond(200, { headers: [sdpType], body });
    else transaction.respond(body.status, { headers: body.headers });
  }

  /** RFC 4028: what goes back to a request with Session-Expires, which begins the time anew. */
  protected sessionTimer(request: SipRequest): Header[] {
    const { terms, headers } = answerTimer(request.headers);
    this.#timer.restart(terms);
    return headers;
  }

  /** A 2xx to an INVITE or UPDATE of ours; it may agree on a time that we did not ask for. */
  protected onRefreshAccepted(response: SipResponse): void {
    this.learnAllowed(response);
    this.#timer.restart(termsOfResponse(response.headers));
  }

  #onRefreshed(response: SipResponse): void {
    if (response.status < 300 && !this.isEnded) this.onRefreshAccepted(response);
  }

  protected learnAllowed({ headers }: SipRequest | SipResponse): void {
    const all = headersOf(headers, 'allow').flatMap((value) => value.split(','));
    if (all.length > 0) this.#allowed = new Set(all.map((one) => one.trim().toUpperCase()));
  }

  /** UPDATE where the far end knows it, a new offer elsewhere (RFC 4028 section 7.4). */
  async #refresh(): Promise<void> {
    const { terms } = this.#timer;
    if (terms === undefined || this.isEnded) return;
    const first = await this.#sendRefresh();
    const isTooSmall = first.status === 422;
    if (isTooSmall) {
      const seconds = Math.max(terms.seconds, leastOf(first.headers));
      this.#timer.restart({ ...terms, seconds });
    }
    const response = isTooSmall ? await this.#sendRefresh() : first;
    if (response.status >= 300) throw new Error(`the refresh was refused: ${response.status}`);
  }

  async #sendRefresh(): Promise<SipResponse> {
    if (this.#allowed?.has('UPDATE') === true) {
      const response = await this.request('UPDATE', {
        headers: [['contact', this.contact()], ...timerHeaders(this.#timer.terms)],
      });
      this.#onRefreshed(response);
      if (response.status !== 405 && response.status !== 501) return response;
      this.#allowed = new Set([...this.#allowed].filter((one) => one !== 'UPDATE'));
    }
    const offer = await this.onOfferWanted();
    const response = await this.#offer(offer);
    if (response.status < 300) {
      this.remoteSdp = response.body;
      await this.onLateAnswer(response.body);
    }
    return response;
  }

  #expire(): void {
    this.context.log.info({ callId: this.sipCallId }, 'a SIP session expired without a refresh');
    this.bye({ q850: 102, reason: 'session expired' });
    this.end({ by: 'network', status: 408, reason: 'session expired', q850: 102 });
  }

  async #onOffer(request: SipRequest, transaction: ServerTransaction): Promise<void> {
    if (isTooShort(request.headers)) {
      transaction.respond(422, { headers: [['min-se', String(minSessionSec)]] });
      return;
    }
    const hasOffer = request.body !== '' || request.method === 'INVITE';
    // Section 14.2: ours is on its way, and theirs before it is not answered yet.
    if (hasOffer && this.#isOffering) {
      transaction.respond(491);
      return;
    }
    if (hasOffer && (this.#isAnswering || this.awaitsAnswer || !this.isUp)) {
      transaction.respond(500, { headers: [['retry-after', String(1 + randomUpTo(9))]] });
      return;
    }
    const contact = contactOf(request);
    if (this.dialog !== undefined && contact !== undefined) this.dialog.remoteTarget = contact;
    const headers: Header[] = [
      ['contact', this.contact()],
      ['allow', allow],
    ];
    if (!hasOffer) {
      transaction.respond(200, { headers: [...headers, ...this.sessionTimer(request)] });
      return;
    }
    const body = await this.#describe(request.body);
    if (this.isEnded) {
      transaction.respond(481);
      return;
    }
    if (typeof body !== 'string') {
      transaction.respond(body.status, { headers: body.headers });
      return;
    }
    headers.push(sdpType, ...this.sessionTimer(request));
    this.awaitsAnswer = request.body === '';
    transaction.respond(200, { headers, body });
    if (request.method === 'INVITE') this.repeatUntilAck(transaction);
  }

  /** Our answer to their offer, or where they made none an offer of our own, made anew. */
  async #describe(offer: string): Promise<string | { status: number; headers: Header[] }> {
    this.#isAnswering = true;
    try {
      const sdp = offer === '' ? await this.onOfferWanted() : await this.#take(offer);
      if (offer !== '') this.remoteSdp = offer;
      return sdp;
    } catch (error) {
      const reason = messageOf(error);
      this.context.log.info({ reason }, 'an offer in mid-call was refused');
      const status = (error as { status?: unknown } | undefined)?.status === 400 ? 400 : 488;
      return { status, headers: [['warning', `399 lingting "${reason.replace(/["\\]/g, "'")}"`]] };
    } finally {
      this.#isAnswering = false;
    }
  }

  async #onReferRequest(request: SipRequest, transaction: ServerTransaction): Promise<void> {
    const wanted = referOf(request);
    if (wanted === undefined) {
      transaction.respond(400);
      return;
    }
    const { status, outcome } = await this.onRefer(wanted);
    const isTold = !isSilent(request);
    const contact: Header = ['contact', this.contact()];
    transaction.respond(status, {
      headers: status < 300 && !isTold ? [contact, ['refer-sub', 'false']] : [contact],
    });
    if (status >= 300 || !isTold) return;
    this.#referrals += 1;
    const isFirst = this.#referrals === 1;
    const tell = (now: number) => {
      const notice = { status: now, isFirst, contact: this.contact() };
      this.send('NOTIFY', referNotice(request, notice));
    };
    // RFC 3515 section 2.4.4: at once how it stands, and last how it ended.
    tell(100);
    // Also when the call has ended meanwhile: what is told of it stands by itself (RFC 5589).
    tell((await outcome) ?? 200);
  }

  #lost(status: number): void {
    this.end({ by: 'network', status, reason: 'the far end is gone', q850: undefined });
  }

  #stopRepeating(): void {
    this.#unacknowledged = undefined;
    this.#okRepeater?.stop();
    this.#okRepeater = undefined;
    clearTimeout(this.#ackTimer);
  }
}

function randomUpTo(most: number): number {
  return Math.floor(Math.random() * (most + 1));
}

/** `Reason: Q.850;cause=16` (RFC 3326). */
export function q850Of(headers: readonly Header[]): number | undefined {
  for (const value of headersOf(headers, 'reason')) {
    const [protocol = '', ...params] = value.split(';');
    if (protocol.trim().toUpperCase() !== 'Q.850') continue;
    const cause = parseParams(params.join(';')).get('cause') ?? '';
    if (/^\d{1,3}$/.test(cause)) return Number(cause);
  }
  return undefined;
}
