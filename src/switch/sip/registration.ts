import { randomBytes } from 'node:crypto';
import { DigestClient } from './digest/digest-client.ts';
import { newTag, type SipLayer } from './transaction/layer.ts';
import { type Header, type SipRequest, type SipResponse } from './message/message.ts';
import type { Registration, RegistrationOptions } from './user-agent.types.ts';

const defaultExpirySec = 120;
const retryMs = 5000;

/** The client's side of REGISTER (RFC 3261 section 10.2): registers now, and again at half of its time. */
export async function openRegistration(
  options: RegistrationOptions,
  layer: SipLayer,
  contact: string,
): Promise<Registration> {
  const client = new Client(options, layer, contact);
  await client.register(options.expirySec ?? defaultExpirySec);
  client.keep();
  return client;
}

class Client implements Registration {
  readonly #options: RegistrationOptions;
  readonly #layer: SipLayer;
  readonly #contact: string;
  readonly #callId = randomBytes(12).toString('hex');
  readonly #tag = newTag();
  #digest: DigestClient;
  #sequence = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: RegistrationOptions, layer: SipLayer, contact: string) {
    this.#options = options;
    this.#layer = layer;
    this.#contact = contact;
    this.#digest = new DigestClient(options.credentials);
  }

  async register(expirySec: number): Promise<void> {
    let response = await this.#send(expirySec);
    if (response.status === 401 || response.status === 407) {
      if (this.#digest.take(response, { hasAnswered: this.#digest.hasChallenges })) {
        response = await this.#send(expirySec);
      }
    }
    if (response.status >= 300) {
      throw new Error(`registration refused: ${response.status} ${response.reason}`);
    }
  }

  keep(): void {
    const expirySec = this.#options.expirySec ?? defaultExpirySec;
    this.#again((expirySec * 1000) / 2);
  }

  #again(afterMs: number): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.register(this.#options.expirySec ?? defaultExpirySec).then(
        () => this.keep(),
        (error: unknown) => {
          this.#options.onLost?.(error instanceof Error ? error.message : String(error));
          // The registrar may have been started anew, with nonces of its own.
          this.#digest = new DigestClient(this.#options.credentials);
          this.#again(retryMs);
        },
      );
    }, afterMs);
    this.#timer.unref();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    // Whoever does not answer any more has forgotten the telephone as well.
    await this.register(0).catch((error: unknown) => this.#options.onLost?.(String(error)));
  }

  #send(expirySec: number): Promise<SipResponse> {
    const { address, registrar } = this.#options;
    this.#sequence += 1;
    const request: SipRequest = {
      kind: 'request',
      method: 'REGISTER',
      // Section 10.2: the domain alone, without a user.
      uri: address.replace(/^(sips?:)[^@]*@/, '$1'),
      headers: [
        ['max-forwards', '70'],
        ['from', `<${address}>;tag=${this.#tag}`],
        ['to', `<${address}>`],
        ['call-id', this.#callId],
        ['cseq', `${this.#sequence} REGISTER`],
        ['contact', this.#contact],
        ['expires', String(expirySec)],
      ],
      body: '',
    };
    const answers: Header[] = this.#digest.headersFor(request);
    const signed = { ...request, headers: [...request.headers, ...answers] };
    const flow = this.#layer.transports.flowTo(registrar);
    return new Promise((resolve, reject) => {
      this.#layer.send(signed, flow, {
        onFinal: (response) => resolve(response),
        onTimeout: () => reject(new Error('the registrar does not answer')),
      });
    });
  }
}
