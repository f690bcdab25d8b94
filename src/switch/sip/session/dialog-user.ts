import { messageOf } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { flowOf, requestIn, type Dialog } from './dialog.ts';
import type { DigestClient } from '../digest/digest-client.ts';
import { parseCSeq } from '../message/headers.ts';
import {
  headerOf,
  headersOf,
  type Header,
  type SipRequest,
  type SipResponse,
} from '../message/message.ts';
import type { SipLayer } from '../transaction/layer.ts';
import type { SipAddress } from '../user-agent.types.ts';

/** A request is sent again with credentials so often: two realms, and a nonce that is stale. */
const maxChallenged = 3;

export interface SessionContext {
  layer: SipLayer;
  log: Log;
  /** Our Contact for a transport. */
  contact: (address: SipAddress) => string;
  /** Of the session timers; a test sets it short. */
  secondMs?: number;
  /** The session is over: forget its dialog. */
  onGone: (session: DialogUser) => void;
}

/** Sends requests within a dialog (RFC 3261 section 12.2.1), with credentials where the far end asks for them. */
export abstract class DialogUser {
  readonly sipCallId: string;
  protected readonly context: SessionContext;
  protected dialog: Dialog | undefined;
  /** Answers what the far end challenges; there when we have a password for it. */
  protected digest: DigestClient | undefined;
  protected isEnded = false;
  /** What the far end understands, as it last said; undefined when it never did. */
  #allowed: ReadonlySet<string> | undefined;

  constructor(sipCallId: string, context: SessionContext) {
    this.sipCallId = sipCallId;
    this.context = context;
  }

  get dialogTag(): string {
    return this.dialog?.localTag ?? '';
  }

  /** The far end does not know the call any more, or does not answer. */
  protected abstract lost(status: number): void;

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
          if (isForgotten && isOfCall) this.lost(response.status);
          resolve(response);
        },
        onTimeout: () => {
          if (isOfCall) this.lost(408);
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

  protected learnAllowed({ headers }: SipRequest | SipResponse): void {
    const all = headersOf(headers, 'allow').flatMap((value) => value.split(','));
    if (all.length > 0) this.#allowed = new Set(all.map((one) => one.trim().toUpperCase()));
  }

  /** Whether the far end said that it understands the method; false when it never said anything. */
  protected isAllowed(method: string): boolean {
    return this.#allowed?.has(method) === true;
  }

  /** It said so, and refused it all the same. */
  protected forbid(method: string): void {
    this.#allowed = new Set([...(this.#allowed ?? [])].filter((one) => one !== method));
  }
}
