import { messageOf } from '../../../core/errors.ts';
import { AckWait } from './ack-wait.ts';
import { contactOf } from './dialog.ts';
import { isOfFarEnd, type Peers } from './dialog-peer.ts';
import { DialogUser, type SessionContext } from './dialog-user.ts';
import { parseCSeq, q850Of } from '../message/headers.ts';
import { headerOf, type Header, type SipRequest, type SipResponse } from '../message/message.ts';
import { OfferExchange } from './offer-exchange.ts';
import { Referrals } from './referral.ts';
import { SessionRefresh } from './session-refresh.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { isTooShort, minSessionSec } from './session-timer.ts';
import type { Flow } from '../transport/transport.types.ts';
import type { SessionEnd, SipAddress, SipParty, SipSession } from '../user-agent.types.ts';

export const allow = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, NOTIFY, PRACK';
export const sdpType: Header = ['content-type', 'application/sdp'];

/** What an INVITE dialog does once it exists, the same for both directions (RFC 3261 section 12–15). */
export abstract class BaseSession extends DialogUser implements SipSession {
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

  /** Users whose telephone is at the far end, as it was when the call began. */
  users: ReadonlySet<string> = new Set();
  readonly #acknowledgement = new AckWait();
  #isConfirmed = false;
  protected readonly offers: OfferExchange;
  readonly #refresh: SessionRefresh;
  readonly #referrals: Referrals;

  constructor(sipCallId: string, context: SessionContext) {
    super(sipCallId, context);
    this.offers = new OfferExchange({
      invite: (sdp) => this.#reinvite(sdp),
      // An `async` function, so that what the handler throws becomes a rejection.
      answer: async (sdp) => this.onReoffer(sdp),
      offer: () => this.onOfferWanted(),
      isCaller: () => this.isCaller,
      log: context.log,
    });
    this.#refresh = new SessionRefresh(
      {
        update: () => this.#update(),
        offer: () => this.#offerAnew(),
        expire: () => this.#expire(),
      },
      context.secondMs,
    );
    this.#referrals = new Referrals({
      ask: (wanted) => this.onRefer(wanted),
      contact: () => this.contact(),
      notify: (notice) => this.send('NOTIFY', notice),
    });
  }

  abstract get remoteAddress(): SipAddress;
  /** The call is up; until then there is nothing to renegotiate. */
  protected abstract get isUp(): boolean;
  /** We began the call, and so own its Call-ID. */
  protected abstract get isCaller(): boolean;
  abstract hangup(options?: { status?: number; reason?: string; q850?: number }): void;

  get remoteSdp(): string | undefined {
    return this.offers.remoteSdp;
  }

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

  reoffer(sdp: string): Promise<string> {
    return this.offers.reoffer(sdp);
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
        this.#referrals.answer(request, transaction).catch((error: unknown) => {
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
    if (this.offers.awaitsAnswer) {
      this.offers.awaitsAnswer = false;
      void this.#takeLateAnswer(request.body, isFirst);
    }
    if (isFirst) this.onConfirmed();
    return true;
  }

  async #takeLateAnswer(sdp: string, isFirst: boolean): Promise<void> {
    try {
      if (sdp === '') throw new Error('an ACK without the answer to our offer');
      this.offers.remoteSdp = sdp;
      await this.onLateAnswer(sdp);
    } catch (error) {
      this.context.log.info({ reason: messageOf(error) }, 'SDP answer in an ACK refused');
      // In mid-call what was agreed on before goes on.
      if (!isFirst || this.isEnded) return;
      this.bye({ q850: 88, reason: 'no answer to our offer' });
      this.end({ by: 'network', status: 488, reason: 'no answer to our offer', q850: 88 });
    }
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
    this.#refresh.stop();
  }

  protected end(end: SessionEnd): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#acknowledgement.stop();
    this.#refresh.stop();
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
    const body = await this.offers.describe(offer);
    if (typeof body === 'string') transaction.respond(200, { headers: [sdpType], body });
    else transaction.respond(body.status, { headers: body.headers });
  }

  /** What goes back to a request with Session-Expires, see `SessionRefresh`. */
  protected sessionTimer(request: SipRequest): Header[] {
    return this.#refresh.answer(request);
  }

  /** A 2xx to an INVITE or UPDATE of ours. */
  protected onRefreshAccepted(response: SipResponse): void {
    this.learnAllowed(response);
    this.#refresh.onAccepted(response);
  }

  #onRefreshed(response: SipResponse): void {
    if (response.status < 300 && !this.isEnded) this.onRefreshAccepted(response);
  }

  /** A re-INVITE, which refreshes the session too. */
  async #reinvite(sdp: string): Promise<SipResponse> {
    if (this.dialog === undefined || this.isEnded) throw new Error('there is no call');
    const response = await this.request('INVITE', {
      headers: [sdpType, ['contact', this.contact()], ['allow', allow], ...this.#refresh.headers],
      body: sdp,
    });
    this.#onRefreshed(response);
    return response;
  }

  /** A refresh without a description; undefined where the far end does not know UPDATE. */
  async #update(): Promise<SipResponse | undefined> {
    if (!this.isAllowed('UPDATE')) return undefined;
    const response = await this.request('UPDATE', {
      headers: [['contact', this.contact()], ...this.#refresh.headers],
    });
    this.#onRefreshed(response);
    if (response.status !== 405 && response.status !== 501) return response;
    this.forbid('UPDATE');
    return undefined;
  }

  async #offerAnew(): Promise<SipResponse> {
    const response = await this.offers.offer(await this.onOfferWanted());
    if (response.status < 300) {
      this.offers.remoteSdp = response.body;
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
    const refusal = hasOffer ? this.offers.refusal({ isUp: this.isUp }) : undefined;
    if (refusal !== undefined) {
      transaction.respond(refusal.status, { headers: refusal.headers });
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
    const body = await this.offers.describe(request.body);
    if (this.isEnded) {
      transaction.respond(481);
      return;
    }
    if (typeof body !== 'string') {
      transaction.respond(body.status, { headers: body.headers });
      return;
    }
    headers.push(sdpType, ...this.sessionTimer(request));
    this.offers.awaitsAnswer = request.body === '';
    transaction.respond(200, { headers, body });
    if (request.method === 'INVITE') this.repeatUntilAck(transaction);
  }

  protected override lost(status: number): void {
    this.end({ by: 'network', status, reason: 'the far end is gone', q850: undefined });
  }
}
