import type { SipRequest } from './message/message.ts';
import type { DialogUser } from './session/dialog-user.ts';
import type { Refusal } from './transaction/layer.ts';
import { SourceCounts, sourceOfFlow, TokenBuckets } from './transport/guards.ts';
import { callBurstSec, type Refusals, type SipLimits } from './transport/limits.ts';
import type { Flow } from './transport/transport.types.ts';

/** Strangers leave this share of all sessions to trunks and telephones. */
const strangersShare = 0.75;
const busy: Refusal = { status: 503, headers: [['retry-after', '5']] };

export interface AdmissionOptions {
  limits: SipLimits;
  refusals: Refusals;
  maxSessions: number;
  requestsPerSecond: number;
  /** A trunk, or a telephone that is registered. */
  isKnown: (flow: Flow) => boolean;
  /** How many calls there are now. */
  sessions: () => number;
}

/** What one source may begin, and what it has begun; asked before anything is kept of a request. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #requests: TokenBuckets;
  readonly #strangersCalls: TokenBuckets;
  readonly #knownCalls: TokenBuckets;
  /** Calls that live, of addresses that are neither trunks nor telephones. */
  readonly #strangers = new SourceCounts<DialogUser>();
  /** Calls whose ACK has not come. */
  readonly #unconfirmed = new SourceCounts<DialogUser>();

  constructor(options: AdmissionOptions) {
    const { limits, requestsPerSecond: perSecond } = options;
    this.#options = options;
    this.#requests = new TokenBuckets({ perSecond, burst: perSecond });
    this.#strangersCalls = bucketsOf(limits.callsPerSecond);
    this.#knownCalls = bucketsOf(limits.trunkCallsPerSecond);
  }

  /** A request outside any dialog. */
  admit({ method }: SipRequest, flow: Flow): Refusal | undefined {
    const { limits, maxSessions, isKnown: isFlowKnown, sessions } = this.#options;
    const source = sourceOfFlow(flow);
    if (!this.#requests.take(source)) return this.#refuse('message_rate', source);
    if (method !== 'INVITE') return undefined;
    const isKnown = isFlowKnown(flow);
    if (!(isKnown ? this.#knownCalls : this.#strangersCalls).take(source)) {
      return this.#refuse('call_rate', source);
    }
    if (this.#unconfirmed.of(source) >= limits.unconfirmedCalls) {
      return this.#refuse('unconfirmed_calls', source);
    }
    const most = isKnown ? maxSessions : Math.max(1, Math.floor(maxSessions * strangersShare));
    return sessions() >= most ? this.#refuse('sessions', source) : undefined;
  }

  /** One more call of an address that is neither a trunk nor a telephone, which nobody logged in for. */
  admitStranger(flow: Flow): Refusal | undefined {
    const source = sourceOfFlow(flow);
    const isTooMuch = this.#strangers.of(source) >= this.#options.limits.liveCalls;
    return isTooMuch ? this.#refuse('live_calls', source) : undefined;
  }

  onBegun(session: DialogUser, flow: Flow, { isStranger }: { isStranger: boolean }): void {
    const source = sourceOfFlow(flow);
    if (isStranger) this.#strangers.add(session, source);
    this.#unconfirmed.add(session, source);
  }

  /** Its ACK has come. */
  onConfirmed(session: DialogUser): void {
    this.#unconfirmed.delete(session);
  }

  onGone(session: DialogUser): void {
    this.#strangers.delete(session);
    this.#unconfirmed.delete(session);
  }

  #refuse(reason: Parameters<Refusals['count']>[0], source: string): Refusal {
    this.#options.refusals.count(reason, source);
    return busy;
  }
}

function bucketsOf(perSecond: number): TokenBuckets {
  return new TokenBuckets({ perSecond, burst: perSecond * callBurstSec });
}
