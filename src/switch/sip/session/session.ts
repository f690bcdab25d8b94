import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../core/errors.ts';
import { AckWait } from './ack-wait.ts';
import { contactOf } from './dialog.ts';
import { isOfFarEnd, type Peers } from './dialog-peer.ts';
import { DialogUser, type SessionContext } from './dialog-user.ts';
import { parseCSeq, q850Of } from '../message/headers.ts';
import { headerOf, type Header, type SipRequest, type SipResponse } from '../message/message.ts';
import { isSilent, referNotice, referOf, tellOutcome } from './referral.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import {
  answerTimer,
  isTooShort,
  leastOf,
  minSessionSec,
  SessionTimer,
  termsOfResponse,
  timerHeaders,
} from './session-timer.ts';
import type { Flow } from '../transport/transport.types.ts';
import type { SessionEnd, SipAddress, SipParty, SipSession } from '../user-agent.types.ts';

export const allow = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, NOTIFY, PRACK';
/** Offers that cross are tried again so often. */
const maxGlares = 3;
const stableLimitMs = 10_000;
export const sdpType: Header = ['content-type', 'application/sdp'];

/** What an INVITE dialog does once it exists, the same for both directions (RFC 3261 section 12–15). */
export abstract class BaseSession extends DialogUser implements SipSession {
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

  /** Our 2xx held an offer: the answer is in its ACK. */
  protected awaitsAnswer = false;
  /** Users whose telephone is at the far end, as it was when the call began. */
  users: ReadonlySet<string> = new Set();
  readonly #acknowledgement = new AckWait();
  #isOffering = false;
  #isAnswering = false;
  #isConfirmed = false;
  #referrals = 0;
  readonly #timer: SessionTimer;

  constructor(sipCallId: string, context: SessionContext) {
    super(sipCallId, context);
    this.#timer = new SessionTimer({
      refresh: () => this.#refresh(),
      expire: () => this.#expire(),
      ...(context.secondMs === undefined ? {} : { secondMs: context.secondMs }),
    });
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
          this.context.log.debug({ reason: messageOf(error) }, 'SDP offer not answered');
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
          this.context.log.info({ reason: messageOf(error) }, 'REFER refused');
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
    if (this.isEnded || !this.#acknowledgement.take(number)) return false;
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
      this.context.log.info({ reason: messageOf(error) }, 'SDP answer in an ACK refused');
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

  /** Repeats a 2xx until its ACK (section 13.3.1.4); without one the call cannot stand. */
  protected repeatUntilAck(invite: ServerTransaction): void {
    this.#acknowledgement.begin(invite, () => {
      if (this.isEnded) return;
      this.bye();
      this.end({ by: 'network', status: 408, reason: 'no ACK', q850: 102 });
    });
  }

  /** Forgets the call without a word to the far end, as a telephone does whose power fails. */
  abandon(): void {
    this.isEnded = true;
    this.#acknowledgement.stop();
    this.#timer.stop();
  }

  protected end(end: SessionEnd): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#acknowledgement.stop();
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
    if (this.isAllowed('UPDATE')) {
      const response = await this.request('UPDATE', {
        headers: [['contact', this.contact()], ...timerHeaders(this.#timer.terms)],
      });
      this.#onRefreshed(response);
      if (response.status !== 405 && response.status !== 501) return response;
      this.forbid('UPDATE');
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
    this.context.log.info({ callId: this.sipCallId }, 'SIP session expired without a refresh');
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
      this.context.log.info({ reason }, 're-INVITE offer refused');
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
    await tellOutcome(outcome, (now) => {
      const notice = { status: now, isFirst, contact: this.contact() };
      this.send('NOTIFY', referNotice(request, notice));
    });
  }

  protected override lost(status: number): void {
    this.end({ by: 'network', status, reason: 'the far end is gone', q850: undefined });
  }
}

function randomUpTo(most: number): number {
  return Math.floor(Math.random() * (most + 1));
}
