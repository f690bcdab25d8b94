import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { flowOf, requestIn, contactOf, type Dialog } from './dialog.ts';
import { parseCSeq, parseNameAddress } from './headers.ts';
import type { SipLayer } from './layer.ts';
import { headerOf, type Header, type SipRequest, type SipResponse } from './message.ts';
import type { ServerTransaction } from './server-transaction.ts';
import { Retransmitter, transactionMs } from './timers.ts';
import type { Flow } from './transport.ts';
import type { SessionEnd, SipAddress, SipParty, SipSession } from './user-agent.types.ts';

export const allow = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, NOTIFY';
/** Offers that cross are tried again so often. */
const maxGlares = 3;
const stableLimitMs = 10_000;
export const sdpType: Header = ['content-type', 'application/sdp'];

export interface SessionContext {
  layer: SipLayer;
  log: Log;
  /** Our Contact for a transport. */
  contact: (address: SipAddress) => string;
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
  onInfo: SipSession['onInfo'] = () => undefined;
  onRefer: SipSession['onRefer'] = () => 603;
  onUnreachable: SipSession['onUnreachable'] = () => undefined;
  onEnded: SipSession['onEnded'] = () => undefined;

  protected readonly context: SessionContext;
  protected dialog: Dialog | undefined;
  protected localSdp = '';
  protected isEnded = false;
  #okRepeater: Retransmitter | undefined;
  #ackTimer: NodeJS.Timeout | undefined;
  #refreshTimer: NodeJS.Timeout | undefined;
  #isOffering = false;
  #isAnswering = false;

  constructor(sipCallId: string, context: SessionContext) {
    this.sipCallId = sipCallId;
    this.context = context;
  }

  get dialogTag(): string {
    return this.dialog?.localTag ?? '';
  }

  abstract get remoteAddress(): SipAddress;
  abstract hangup(options?: { status?: number; reason?: string; q850?: number }): void;

  get remoteContact(): string {
    return this.dialog?.remoteTarget ?? '';
  }

  get isReachable(): boolean {
    return this.dialog?.flow.isOpen ?? true;
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
      await this.#untilStable();
      if (this.dialog === undefined || this.isEnded) throw new Error('there is no call');
      this.#isOffering = true;
      const response = await this.request('INVITE', {
        headers: [sdpType, ['contact', this.contact()], ['allow', allow]],
        body: sdp,
      }).finally(() => {
        this.#isOffering = false;
      });
      if (response.status < 300) {
        this.localSdp = sdp;
        this.remoteSdp = response.body;
        return response.body;
      }
      if (response.status !== 491 || tried >= maxGlares) {
        throw new Error(`the offer was refused: ${response.status}`);
      }
      // Section 14.1: who did not begin the call waits for the shorter time, up to two seconds.
      await delay(Math.random() * 2000);
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
    if (transaction.flow.isReliable) dialog.flow = transaction.flow;
    switch (request.method) {
      case 'BYE':
        transaction.respond(200);
        {
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
        void this.#onOffer(request, transaction);
        return;
      }
      case 'INFO':
        transaction.respond(200);
        {
          this.onInfo(headerOf(request.headers, 'content-type') ?? '', request.body);
          return;
        }
      case 'REFER': {
        this.#onReferRequest(request, transaction);
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

  /** ACK to one of our 2xx; a late answer may be in it. */
  onAck(request: SipRequest): void {
    this.#stopRepeating();
    if (request.body === '') return;
    this.remoteSdp = request.body;
    void this.#take(request.body).catch((error: unknown) => {
      this.context.log.info({ reason: messageOf(error) }, 'the answer in an ACK was refused');
    });
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

  protected request(
    method: string,
    options: { headers?: readonly Header[]; body?: string } = {},
  ): Promise<SipResponse> {
    const { dialog, context } = this;
    if (dialog === undefined) return Promise.reject(new Error('there is no dialog'));
    const flow = flowOf(dialog, context.layer.transports);
    const request = requestIn(dialog, method, options);
    const { number } = parseCSeq(headerOf(request.headers, 'cseq'));
    return new Promise((resolve, reject) => {
      context.layer.send(request, flow, {
        onFinal: (response) => {
          if (method === 'INVITE' && response.status < 300) this.sendAck(number);
          // Section 12.2.1.2: the far end has forgotten the call.
          if (response.status === 481 || response.status === 408) this.#lost(response.status);
          resolve(response);
        },
        onTimeout: () => {
          this.#lost(408);
          reject(new Error('timeout'));
        },
      });
    });
  }

  protected sendAck(sequence: number): void {
    if (this.dialog === undefined) return;
    const flow = flowOf(this.dialog, this.context.layer.transports);
    const ack = requestIn({ ...this.dialog, localSequence: sequence }, 'ACK');
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
  protected repeatUntilAck(send: () => void): void {
    this.#stopRepeating();
    this.#okRepeater = new Retransmitter(send);
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
    clearInterval(this.#refreshTimer);
    this.context.onGone(this);
    this.onEnded(end);
  }

  /** RFC 4028: what to answer to Session-Expires; we refresh only when we must. */
  protected sessionTimer(request: SipRequest): Header[] {
    const value = headerOf(request.headers, 'session-expires');
    const seconds = parseInt(value ?? '', 10);
    if (value === undefined || !Number.isInteger(seconds) || seconds < 90) return [];
    const isOurs = /refresher=uas/i.test(value);
    clearInterval(this.#refreshTimer);
    if (isOurs) this.#refreshTimer = setInterval(() => this.send('UPDATE'), seconds * 500);
    return [
      ['session-expires', `${seconds};refresher=${isOurs ? 'uas' : 'uac'}`],
      ['require', 'timer'],
    ];
  }

  async #onOffer(request: SipRequest, transaction: ServerTransaction): Promise<void> {
    const timer = this.sessionTimer(request);
    if (request.method === 'UPDATE' && request.body === '') {
      transaction.respond(200, { headers: timer });
      return;
    }
    // Section 14.2: two offers at once.
    if (this.#isOffering || this.#isAnswering) {
      transaction.respond(491);
      return;
    }
    if (this.dialog !== undefined) {
      this.dialog.remoteTarget = contactOf(request) ?? this.dialog.remoteTarget;
    }
    let answer: string;
    this.#isAnswering = true;
    try {
      answer = request.body === '' ? this.localSdp : await this.#take(request.body);
      if (request.body !== '') this.remoteSdp = request.body;
    } catch (error) {
      this.context.log.info({ reason: messageOf(error) }, 'an offer in mid-call was refused');
      transaction.respond(488);
      return;
    } finally {
      this.#isAnswering = false;
    }
    if (this.isEnded) {
      transaction.respond(481);
      return;
    }
    this.localSdp = answer;
    const headers: Header[] = [sdpType, ['contact', this.contact()], ['allow', allow], ...timer];
    transaction.respond(200, { headers, body: answer });
    if (request.method === 'INVITE') this.repeatUntilAck(() => transaction.onRepeat());
  }

  #onReferRequest(request: SipRequest, transaction: ServerTransaction): void {
    const value = headerOf(request.headers, 'refer-to');
    if (value === undefined) {
      transaction.respond(400);
      return;
    }
    const { uri } = parseNameAddress(value);
    const replaces = /[?&]replaces=([^&>]+)/i.exec(value)?.[1];
    const status = this.onRefer({
      target: uri.user === '' ? uri.text : uri.user,
      replaces: replaces === undefined ? undefined : decodeURIComponent(replaces),
      referredBy: headerOf(request.headers, 'referred-by'),
    });
    transaction.respond(status);
    if (status >= 300) return;
    // RFC 3515 section 2.4.4: the outcome, as far as we can know it.
    this.send('NOTIFY', {
      headers: [
        ['event', 'refer'],
        ['subscription-state', 'terminated;reason=noresource'],
        ['content-type', 'message/sipfrag;version=2.0'],
      ],
      body: 'SIP/2.0 200 OK\r\n',
    });
  }

  #lost(status: number): void {
    this.end({ by: 'network', status, reason: 'the far end is gone', q850: undefined });
  }

  #stopRepeating(): void {
    this.#okRepeater?.stop();
    this.#okRepeater = undefined;
    clearTimeout(this.#ackTimer);
  }
}

/** `Reason: Q.850;cause=16` (RFC 3326). */
export function q850Of(headers: readonly Header[]): number | undefined {
  const match = /Q\.850\s*;.*?cause\s*=\s*(\d{1,3})/i.exec(headerOf(headers, 'reason') ?? '');
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
