import { parseNameAddress } from './message/headers.ts';
import { headerOf, headersOf, type Header, type SipRequest } from './message/message.ts';
import type { Flow } from './transport/transport.types.ts';
import type { SipAddress, SipContact } from './user-agent.types.ts';

/** Where each user's phones are (RFC 3261 section 10.3). Credentials are checked before. */
interface Binding extends SipContact {
  callId: string;
  sequence: number;
  via: Flow;
}

interface Index {
  /** By transport, address and port. */
  users: ReadonlyMap<string, Set<string>>;
  hosts: ReadonlySet<string>;
}

export interface RegistrarResult {
  status: number;
  headers: Header[];
}

const defaultExpirySec = 600;
const minExpirySec = 30;
const maxExpirySec = 3600;
const maxContacts = 10;
const nobody: ReadonlySet<string> = new Set();

export class Registrar {
  readonly #bindings = new Map<string, Binding[]>();
  readonly #onChange: (change: { username: string; contact: string; isGone: boolean }) => void;
  readonly #sweeper: NodeJS.Timeout;
  /** Made of the bindings when it is asked for; what expired is in it until the next sweep. */
  #index: Index | undefined;

  constructor(onChange: (change: { username: string; contact: string; isGone: boolean }) => void) {
    this.#onChange = onChange;
    this.#sweeper = setInterval(() => this.#sweep(), 5000);
    this.#sweeper.unref();
  }

  contactsOf(username: string): readonly SipContact[] {
    return this.#live(username);
  }

  users(): string[] {
    return [...this.#bindings.keys()].filter((username) => this.#live(username).length > 0);
  }

  register(username: string, request: SipRequest, flow: Flow): RegistrarResult {
    const contacts = headersOf(request.headers, 'contact');
    const expires = headerOf(request.headers, 'expires');
    const callId = headerOf(request.headers, 'call-id') ?? '';
    const sequence = parseInt(headerOf(request.headers, 'cseq') ?? '0', 10);
    if (contacts.includes('*')) {
      // Only "all, now" is allowed with the asterisk (section 10.2.2).
      if (contacts.length > 1 || expires !== '0') return { status: 400, headers: [] };
      for (const binding of this.#live(username)) this.#remove(username, binding.uri);
      return { status: 200, headers: [] };
    }
    // All are read before any counts (section 10.3 step 7).
    for (const { uri, params } of contacts.map(parseNameAddress)) {
      const wanted = params.get('expires') ?? expires;
      const seconds =
        wanted !== undefined && /^\d+$/.test(wanted) ? Number(wanted) : defaultExpirySec;
      if (seconds > 0 && seconds < minExpirySec) {
        return { status: 423, headers: [['min-expires', String(minExpirySec)]] };
      }
      const known = this.#live(username).find((binding) => binding.uri === uri.text);
      if (known?.callId === callId && sequence <= known.sequence) continue;
      if (seconds === 0) this.#remove(username, uri.text);
      else {
        this.#add(username, {
          uri: uri.text,
          flow: flow.address,
          expiresAt: Date.now() + Math.min(seconds, maxExpirySec) * 1000,
          callId,
          sequence,
          via: flow,
        });
      }
    }
    return { status: 200, headers: this.#list(username) };
  }

  /** A telephone of that user registered from where that flow comes. */
  isRegistered(username: string, { address }: Flow): boolean {
    return this.#live(username).some(
      ({ flow }) => flow.host === address.host && flow.port === address.port,
    );
  }

  /** A telephone is registered at that address; browsers do not count, which share that of their proxy. */
  hasPhoneAt(host: string): boolean {
    return this.#indexed().hosts.has(host);
  }

  hasFlow(flow: Flow): boolean {
    for (const username of this.usersOn(flow.address)) {
      if (this.isUserOn(username, flow)) return true;
    }
    return false;
  }

  /** Users registered at that very address. */
  usersOn(address: SipAddress): ReadonlySet<string> {
    return this.#indexed().users.get(keyOf(address)) ?? nobody;
  }

  /** On that very connection, or at that UDP address. */
  isUserOn(username: string, flow: Flow): boolean {
    if (!this.usersOn(flow.address).has(username)) return false;
    const key = keyOf(flow.address);
    return this.#live(username).some(({ via }) =>
      flow.isReliable ? via === flow : keyOf(via.address) === key,
    );
  }

  /** The flow on which those users are reached now by that contact. */
  flowOf(uri: string, users: Iterable<string>): Flow | undefined {
    for (const username of users) {
      const found = this.#live(username).find((one) => one.uri === uri);
      if (found !== undefined) return found.via;
    }
    return undefined;
  }

  #indexed(): Index {
    if (this.#index !== undefined) return this.#index;
    const users = new Map<string, Set<string>>();
    const hosts = new Set<string>();
    for (const username of this.#bindings.keys()) {
      for (const { flow } of this.#live(username)) {
        const key = keyOf(flow);
        users.set(key, (users.get(key) ?? new Set<string>()).add(username));
        if (flow.transport !== 'ws') hosts.add(flow.host);
      }
    }
    this.#index = { users, hosts };
    return this.#index;
  }

  /** Forgets where the user's phones are; the flows on which they were. */
  forget(username: string): Flow[] {
    const bindings = this.#bindings.get(username) ?? [];
    for (const { uri } of bindings) this.#remove(username, uri);
    return bindings.map(({ via }) => via);
  }

  /** A connection is over: what it registered is gone. */
  onClosed(flow: Flow): void {
    for (const [username, bindings] of this.#bindings) {
      for (const { uri, via } of bindings) if (via === flow) this.#remove(username, uri);
    }
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  #list(username: string): Header[] {
    return this.#live(username).map(({ uri, expiresAt }) => [
      'contact',
      `<${uri}>;expires=${Math.max(1, Math.round((expiresAt - Date.now()) / 1000))}`,
    ]);
  }

  #add(username: string, binding: Binding): void {
    const others = this.#live(username).filter(({ uri }) => uri !== binding.uri);
    const isNew = others.length === this.#live(username).length;
    this.#bindings.set(username, [binding, ...others].slice(0, maxContacts));
    this.#index = undefined;
    if (isNew) this.#onChange({ username, contact: binding.uri, isGone: false });
  }

  #remove(username: string, uri: string): void {
    const before = this.#bindings.get(username) ?? [];
    const after = before.filter((binding) => binding.uri !== uri);
    if (after.length === before.length) return;
    this.#bindings.set(username, after);
    this.#index = undefined;
    this.#onChange({ username, contact: uri, isGone: true });
  }

  /** A closed connection takes its contacts with it: nobody can be reached there any more. */
  #live(username: string): Binding[] {
    const now = Date.now();
    return (this.#bindings.get(username) ?? []).filter(
      ({ expiresAt, via }) => expiresAt > now && via.isOpen,
    );
  }

  #sweep(): void {
    for (const [username, bindings] of this.#bindings) {
      const live = new Set(this.#live(username).map(({ uri }) => uri));
      for (const { uri } of bindings) if (!live.has(uri)) this.#remove(username, uri);
    }
  }
}

function keyOf({ transport, host, port }: SipAddress): string {
  return `${transport} ${host}:${port}`;
}
