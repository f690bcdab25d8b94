import { randomBytes } from 'node:crypto';
import type { ClientTransaction } from './client-transaction.ts';
import { addressOf, contactOf, type Dialog } from './dialog.ts';
import { answerChallenge, type Credentials } from './digest.ts';
import { encodeUser, parseCSeq, parseNameAddress, quoteDisplayName, toParty } from './headers.ts';
import { newTag } from './layer.ts';
import { headerOf, headersOf, type Header, type SipRequest, type SipResponse } from './message.ts';
import { allow, BaseSession, q850Of, sdpType, type SessionContext } from './session.ts';
import type { Flow } from './transport.ts';
import type { OutboundInvite, OutboundSession, SipAddress, SipParty } from './user-agent.types.ts';

/** A call from us: the UAC side of INVITE (RFC 3261 section 13.2). */
export class OutboundCall extends BaseSession implements OutboundSession {
  readonly direction = 'outbound';
  readonly from: SipParty;
  readonly to: SipParty;
  onProgress: OutboundSession['onProgress'] = () => undefined;
  onAnswer: OutboundSession['onAnswer'] = () => undefined;
  readonly remoteAddress: SipAddress;
  readonly #credentials: Credentials | undefined;
  #request: SipRequest;
  #transaction: ClientTransaction;
  #hasProvisional = false;
  #isAnswered = false;
  #isCancelled = false;
  #hasTriedCredentials = false;

  constructor(options: OutboundInvite, context: SessionContext) {
    super(`${randomBytes(12).toString('hex')}@${context.layer.host}`, context);
    const address = options.flow ?? addressOf(options.uri);
    if (address === undefined) throw new Error(`no address in ${options.uri}`);
    this.remoteAddress = address;
    this.#credentials = options.credentials;
    this.localSdp = options.sdp;
    const { layer } = context;
    const name = quoteDisplayName(options.from.displayName ?? '');
    const from = `${name}<sip:${encodeUser(options.from.user)}@${layer.host}:${layer.port}>;tag=${newTag()}`;
    const to = `<${options.uri.replace(/;.*$/, '')}>`;
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
        ['supported', 'timer, replaces'],
        ...(options.headers ?? []),
        sdpType,
      ],
      body: options.sdp,
    };
    this.#transaction = this.#send();
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
    if (this.#hasProvisional) this.context.layer.sendCancel(this.#transaction);
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
      this.context.layer.sendCancel(this.#transaction);
      return;
    }
    if (response.status === 100 || this.isEnded) return;
    const sdp = response.body === '' ? undefined : response.body;
    if (sdp !== undefined) this.remoteSdp = sdp;
    this.onProgress(response.status, sdp);
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
    const tag = toParty(parseNameAddress(headerOf(response.headers, 'to') ?? '')).tag ?? '';
    const dialog = this.#dialogOf(response, tag);
    if (this.dialog === undefined) this.dialog = dialog;
    else if (this.dialog.remoteTag !== tag) {
      this.#refuseFork(dialog);
      return;
    }
    this.sendAck(parseCSeq(headerOf(response.headers, 'cseq')).number);
    if (this.#isAnswered) return;
    // The answer crossed our CANCEL: it is a call, and it ends now (section 9.1).
    if (this.isEnded) {
      this.bye();
      return;
    }
    this.#isAnswered = true;
    this.remoteSdp = response.body;
    this.onAnswer(response.body);
  }

  /** A second phone answered too (section 13.2.2.4). */
  #refuseFork(dialog: Dialog): void {
    const first = this.dialog;
    this.dialog = dialog;
    this.sendAck(dialog.localSequence);
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
      localSequence: parseCSeq(headerOf(this.#request.headers, 'cseq')).number,
      remoteSequence: 0,
      flow: this.context.layer.transports.flowTo(this.remoteAddress),
    };
  }

  #authorize(response: SipResponse): boolean {
    if (this.#credentials === undefined || this.#hasTriedCredentials || this.isEnded) return false;
    const isProxy = response.status === 407;
    const challenge = headerOf(
      response.headers,
      isProxy ? 'proxy-authenticate' : 'www-authenticate',
    );
    const answer = answerChallenge(challenge ?? '', {
      method: 'INVITE',
      uri: this.#request.uri,
      credentials: this.#credentials,
    });
    if (answer === undefined) return false;
    this.#hasTriedCredentials = true;
    const authorization: Header = [isProxy ? 'proxy-authorization' : 'authorization', answer];
    this.#request = {
      ...this.#request,
      headers: [
        ...this.#request.headers.map(([name, value]): Header =>
          name === 'cseq' ? ['cseq', '2 INVITE'] : [name, value],
        ),
        authorization,
      ],
    };
    this.#hasProvisional = false;
    this.#transaction = this.#send();
    return true;
  }
}
