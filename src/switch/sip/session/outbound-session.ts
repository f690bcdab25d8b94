import { randomBytes } from 'node:crypto';
import type { ClientTransaction } from '../transaction/client-transaction.ts';
import { addressOf, contactOf, type Dialog } from './dialog.ts';
import { DigestClient } from '../digest/digest-client.ts';
import {
  encodeUser,
  parseCSeq,
  parseNameAddress,
  quoteDisplayName,
  toParty,
  q850Of,
} from '../message/headers.ts';
import { newTag } from '../transaction/layer.ts';
import {
  headerOf,
  headersOf,
  type Header,
  type SipRequest,
  type SipResponse,
} from '../message/message.ts';
import type { SessionContext } from './dialog-user.ts';
import { allow, BaseSession, sdpType } from './session.ts';
import type { Flow } from '../transport/transport.types.ts';
import type { OutboundInvite, OutboundSession, SipAddress, SipParty } from '../user-agent.types.ts';

/** Two realms, and a nonce that is stale. */
const maxChallenged = 3;
/** Phones behind one number of which we keep an early answer. */
const maxForks = 10;

/** A call from us: the UAC side of INVITE (RFC 3261 section 13.2). */
export class OutboundCall extends BaseSession implements OutboundSession {
  readonly direction = 'outbound';
  readonly from: SipParty;
  readonly to: SipParty;
  onProgress: OutboundSession['onProgress'] = () => undefined;
  onAnswer: OutboundSession['onAnswer'] = () => undefined;
  readonly remoteAddress: SipAddress;
  #request: SipRequest;
  #transaction: ClientTransaction;
  #hasProvisional = false;
  #isAnswered = false;
  #isCancelled = false;
  #challenged = 0;
  /** The first description that came with each dialog: its answer, when the 2xx brings none. */
  readonly #early = new Map<string, string>();
  /** RSeq of the last reliable provisional response of each dialog (RFC 3262). */
  readonly #acknowledged = new Map<string, number>();

  constructor(options: OutboundInvite, context: SessionContext) {
    super(`${randomBytes(12).toString('hex')}@${context.layer.host}`, context);
    const address = options.flow ?? addressOf(options.uri);
    if (address === undefined) throw new Error(`no address in ${options.uri}`);
    this.remoteAddress = address;
    if (options.credentials !== undefined) this.digest = new DigestClient(options.credentials);
    const { layer } = context;
    const name = quoteDisplayName(options.from.displayName ?? '');
    const from = `${name}<sip:${encodeUser(options.from.user)}@${layer.host}:${layer.port}>;tag=${newTag()}`;
    const to = `<${options.to ?? options.uri.split(';', 1)[0] ?? ''}>`;
    this.from = toParty(parseNameAddress(from));
    this.to = toParty(parseNameAddress(to));
    this.#request = {
      kind: 'request',
      method: 'INVITE',
      uri: options.uri,
      headers: [
        ['max-forwards', '70'],
        ['from', from],
        ['to', to],
        ['call-id', this.sipCallId],
        ['cseq', '1 INVITE'],
        ['contact', context.contact(address)],
        ['allow', allow],
        ['supported', 'timer, replaces, 100rel'],
        ...(options.headers ?? []),
        sdpType,
      ],
      body: options.sdp,
    };
    this.#transaction = this.#send();
  }

  protected get isUp(): boolean {
    return this.#isAnswered;
  }

  protected get isCaller(): boolean {
    return true;
  }

  override get dialogTag(): string {
    return this.from.tag ?? '';
  }

  hangup({ q850, reason }: { status?: number; reason?: string; q850?: number } = {}): void {
    if (this.isEnded) return;
    if (this.#isAnswered) {
      this.bye({
        ...(q850 === undefined ? {} : { q850 }),
        ...(reason === undefined ? {} : { reason }),
      });
    } else this.#cancel();
    this.end({ by: 'local', status: this.#isAnswered ? 200 : 487, reason: reason ?? '', q850 });
  }

  override onClosed(flow: Flow): void {
    if (this.#isAnswered) super.onClosed(flow);
    // A phone whose connection is over will never answer.
    else if (this.#transaction.flow === flow) {
      this.end({ by: 'network', status: 480, reason: 'connection closed', q850: undefined });
    }
  }

  /** Section 9.1: CANCEL waits for the first provisional response. */
  #cancel(): void {
    this.#isCancelled = true;
    if (this.#hasProvisional) this.#sendCancel();
  }

  #sendCancel(): void {
    this.context.layer.sendCancel(this.#transaction);
    // Section 9.1: a far end that never ends its INVITE is not waited for.
    this.#transaction.giveUp();
  }

  #send(): ClientTransaction {
    const flow = this.context.layer.transports.flowTo(this.remoteAddress);
    return this.context.layer.send(this.#request, flow, {
      onProvisional: (response) => this.#onProvisional(response),
      onFinal: (response) => this.#onFinal(response),
      onTimeout: () => this.end({ by: 'network', status: 408, reason: 'no response', q850: 102 }),
    });
  }

  #onProvisional(response: SipResponse): void {
    this.#hasProvisional = true;
    if (this.#isCancelled) {
      this.#sendCancel();
      return;
    }
    if (response.status === 100 || this.isEnded) return;
    const tag = tagOf(response);
    if (tag !== '' && !this.#isAnswered) this.dialog = this.#dialogOf(response, tag);
    if (!this.#acknowledge(response, tag)) return;
    const sdp = response.body === '' ? undefined : response.body;
    if (sdp !== undefined) {
      this.offers.remoteSdp = sdp;
      if (!this.#early.has(tag) && this.#early.size < maxForks) this.#early.set(tag, sdp);
    }
    this.onProgress(response.status, sdp);
  }

  /** PRACK for a response that asks for it (RFC 3262); false when it came before. */
  #acknowledge(response: SipResponse, tag: string): boolean {
    const isReliable = headersOf(response.headers, 'require').some((value) =>
      value.toLowerCase().includes('100rel'),
    );
    const number = Number(headerOf(response.headers, 'rseq') ?? NaN);
    if (!isReliable || !Number.isInteger(number) || tag === '') return true;
    if (number <= (this.#acknowledged.get(tag) ?? -1)) return false;
    this.#acknowledged.set(tag, number);
    const invite = parseCSeq(headerOf(response.headers, 'cseq')).number;
    this.send('PRACK', { headers: [['rack', `${number} ${invite} INVITE`]] });
    return true;
  }

  #onFinal(response: SipResponse): void {
    if (response.status < 300) {
      this.#onSuccess(response);
      return;
    }
    if ((response.status === 401 || response.status === 407) && this.#authorize(response)) return;
    const q850 = q850Of(response.headers);
    this.end({ by: 'remote', status: response.status, reason: response.reason, q850 });
  }

  #onSuccess(response: SipResponse): void {
    const tag = tagOf(response);
    const dialog = this.#dialogOf(response, tag);
    if (!this.#isAnswered) this.dialog = dialog;
    else if (this.dialog?.remoteTag !== tag) {
      this.#refuseFork(dialog);
      return;
    }
    this.sendAck(parseCSeq(headerOf(response.headers, 'cseq')).number);
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    // The answer crossed our CANCEL: it is a call, and it ends now (section 9.1).
    if (this.isEnded) {
      this.bye();
      return;
    }
    this.onRefreshAccepted(response);
    // Section 13.2.1: the answer may have come before, in the same dialog.
    const sdp = response.body === '' ? (this.#early.get(tag) ?? '') : response.body;
    this.offers.remoteSdp = sdp;
    this.onAnswer(sdp);
  }

  /** A second phone answered too (section 13.2.2.4). */
  #refuseFork(dialog: Dialog): void {
    const first = this.dialog;
    this.dialog = dialog;
    this.sendAck(parseCSeq(headerOf(this.#request.headers, 'cseq')).number);
    this.bye();
    this.dialog = first;
  }

  #dialogOf(response: SipResponse, remoteTag: string): Dialog {
    return {
      callId: this.sipCallId,
      localTag: this.from.tag ?? '',
      remoteTag,
      localParty: headerOf(this.#request.headers, 'from') ?? '',
      remoteParty: headerOf(response.headers, 'to') ?? '',
      remoteTarget: contactOf(response) ?? this.#request.uri,
      routes: headersOf(response.headers, 'record-route').reverse(),
      // Of what was sent so far in this call: a PRACK may have gone out before the answer.
      localSequence: Math.max(
        parseCSeq(headerOf(this.#request.headers, 'cseq')).number,
        this.dialog?.localSequence ?? 0,
      ),
      remoteSequence: this.dialog?.remoteTag === remoteTag ? this.dialog.remoteSequence : 0,
      flow: this.context.layer.transports.flowTo(this.remoteAddress),
    };
  }

  /** Sends the INVITE again with what the challenges ask for. */
  #authorize(response: SipResponse): boolean {
    if (this.digest === undefined || this.isEnded || this.#challenged >= maxChallenged) {
      return false;
    }
    if (!this.digest.take(response, { hasAnswered: this.#challenged > 0 })) return false;
    this.#challenged += 1;
    const number = parseCSeq(headerOf(this.#request.headers, 'cseq')).number + 1;
    const kept = this.#request.headers.filter(([name]) => !name.endsWith('authorization'));
    this.#request = {
      ...this.#request,
      headers: [
        ...kept.map(([name, value]): Header =>
          name === 'cseq' ? ['cseq', `${number} INVITE`] : [name, value],
        ),
        ...this.digest.headersFor(this.#request),
      ],
    };
    this.#hasProvisional = false;
    this.dialog = undefined;
    this.#transaction = this.#send();
    return true;
  }
}

function tagOf(response: SipResponse): string {
  return toParty(parseNameAddress(headerOf(response.headers, 'to') ?? '')).tag ?? '';
}
