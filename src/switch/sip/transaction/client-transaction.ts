import { headerOf, serialize, type SipRequest, type SipResponse } from '../message/message.ts';
import { Retransmitter, t4Ms, timerDMs, transactionMs } from './timers.ts';
import type { Flow } from '../transport/transport.types.ts';

export interface ClientHandlers {
  onProvisional?: (response: SipResponse) => void;
  /** Once for every final response; for INVITE, each 2xx that arrives (RFC 6026). */
  onFinal: (response: SipResponse) => void;
  onTimeout: () => void;
  onEnd: () => void;
}

/** One request that we send (RFC 3261 section 17.1). */
export class ClientTransaction {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #handlers: ClientHandlers;
  readonly #isInvite: boolean;
  #state: 'calling' | 'proceeding' | 'completed' | 'accepted' | 'ended' = 'calling';
  #repeater: Retransmitter | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ack: Buffer | undefined;
  #isGivenUp = false;

  constructor(request: SipRequest, flow: Flow, handlers: ClientHandlers) {
    this.request = request;
    this.flow = flow;
    this.#handlers = handlers;
    this.#isInvite = request.method === 'INVITE';
    const bytes = serialize(request);
    flow.send(bytes);
    if (!flow.isReliable) {
      // Timer A is not capped by T2, timer E is.
      this.#repeater = new Retransmitter(
        () => flow.send(bytes),
        this.#isInvite ? transactionMs : undefined,
      );
    }
    // On a connection that is over nothing will ever be answered (section 18.4).
    const waitMs = flow.isOpen ? transactionMs : 0;
    this.#timer = setTimeout(() => {
      this.#finish();
      handlers.onTimeout();
    }, waitMs);
  }

  get state(): string {
    return this.#state;
  }

  onResponse(response: SipResponse): void {
    if (this.#state === 'ended') return;
    if (response.status < 200) {
      this.#onProvisional(response);
      return;
    }
    this.#repeater?.stop();
    if (this.#isInvite) {
      this.#onInviteFinal(response);
      return;
    }
    if (this.#state === 'completed') return;
    this.#state = 'completed';
    this.#endAfter(this.flow.isReliable ? 0 : t4Ms);
    this.#handlers.onFinal(response);
  }

  close(): void {
    this.#repeater?.stop();
    clearTimeout(this.#timer);
  }

  /** A cancelled INVITE that is never answered for good ends without (section 9.1). */
  giveUp(): void {
    if (this.#isGivenUp || (this.#state !== 'calling' && this.#state !== 'proceeding')) return;
    this.#isGivenUp = true;
    this.#endAfter(transactionMs);
  }

  #onProvisional(response: SipResponse): void {
    if (this.#state !== 'calling' && this.#state !== 'proceeding') return;
    this.#state = 'proceeding';
    if (this.#isInvite) {
      this.#repeater?.stop();
      // How long it may ring is for the caller of this to decide.
      if (!this.#isGivenUp) clearTimeout(this.#timer);
    }
    this.#handlers.onProvisional?.(response);
  }

  #onInviteFinal(response: SipResponse): void {
    if (response.status < 300) {
      this.#state = 'accepted';
      this.#endAfter(transactionMs);
      this.#handlers.onFinal(response);
      return;
    }
    // Section 17.1.1.3: ACK to a refusal belongs to the transaction and is repeated on demand.
    this.#ack ??= serialize(ackTo(this.request, response));
    this.flow.send(this.#ack);
    if (this.#state === 'completed') return;
    this.#state = 'completed';
    this.#endAfter(this.flow.isReliable ? 0 : timerDMs);
    this.#handlers.onFinal(response);
  }

  #endAfter(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#finish(), waitMs);
  }

  #finish(): void {
    this.close();
    this.#state = 'ended';
    this.#handlers.onEnd();
  }
}

function ackTo(invite: SipRequest, response: SipResponse): SipRequest {
  const keep = ['max-forwards', 'from', 'call-id', 'route'];
  const via = headerOf(invite.headers, 'via') ?? '';
  const cseq = parseInt(headerOf(invite.headers, 'cseq') ?? '1', 10);
  return {
    kind: 'request',
    method: 'ACK',
    uri: invite.uri,
    headers: [
      ['via', via],
      ...invite.headers.filter(([name]) => keep.includes(name)),
      ['to', headerOf(response.headers, 'to') ?? ''],
      ['cseq', `${cseq} ACK`],
    ],
    body: '',
  };
}
