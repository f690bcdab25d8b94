import type { LiveBoard, LiveChange } from '../../agents/index.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Latencies } from '../../core/latencies.ts';
import type { Log } from '../../core/log.ts';
import type { Member } from '../../organisation/index.ts';
import { messageOf } from '../../core/errors.ts';
import {
  Connection,
  type ConnectionEnd,
  type ConnectionLimits,
  type Socket,
  type Wire,
} from './connection.ts';
import { Ring } from './ring.ts';
import { hiddenOnce, messageFor, snapshotFor, type Message, type Viewer } from './viewer.ts';

export interface RealtimeLimits extends ConnectionLimits {
  /** Changes that are remembered for clients who come back. */
  ring: number;
  /** Sockets of one person: windows, tabs, the wall. */
  perPerson: number;
  /** How often it is asked which sessions still stand, in one question for all sockets. */
  sessionCheckMs: number;
}

export interface HubOptions {
  board: LiveBoard;
  latencies: Pick<Latencies, 'popWritten'>;
  clock: Clock;
  log: Log;
  limits: RealtimeLimits;
  viewerOf: (member: Member) => Omit<Viewer, 'queueIds'>;
  /** Whose sessions still stand, with the rights and sites that they have now. */
  membersOf: (tokens: readonly string[]) => Promise<ReadonlyMap<string, Member>>;
  /** Counted: why a socket was ended by us. */
  onEnd: (why: ConnectionEnd | 'session') => void;
}

interface Entry {
  change: LiveChange;
  /** Whose queues changed with it: what they may see is another world, told by a snapshot. */
  newScopeOf: string | undefined;
}

export const closeCodes = { sessionOver: 4401, tooMany: 4429, stopping: 1001 } as const;

/** Shows the board to everybody who is connected, each their part. */
export class RealtimeHub {
  readonly epoch = newId();
  readonly #options: HubOptions;
  readonly #ring: Ring<Entry>;
  readonly #viewers = new Map<Connection, Viewer>();
  readonly #sessions = new Map<Connection, Session>();
  readonly #queueIds = new Map<string, readonly string[]>();
  readonly #unsubscribe: () => void;
  readonly #lingering = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;
  readonly #sweeper: NodeJS.Timeout;
  #isSweeping = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#ring = new Ring(options.limits.ring);
    for (const agent of options.board.snapshot().agents) {
      this.#queueIds.set(agent.staffId, agent.queueIds);
    }
    this.#unsubscribe = options.board.subscribe((change) => this.#onChange(change));
    this.#sweeper = setInterval(() => void this.#sweep(), options.limits.sessionCheckMs);
    this.#sweeper.unref();
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** Takes a socket in: what it missed, or a snapshot, then every change. */
  join(line: { socket: Socket; wire: Wire }, member: Member, token: string, resume: Resume): void {
    const { log, limits, viewerOf, onEnd } = this.#options;
    const viewer = { ...viewerOf(member), queueIds: this.#queueIds.get(member.id) ?? [] };
    const connection = new Connection(line, limits, log, {
      onEnd,
      onClosed: () => {
        this.#viewers.delete(connection);
        this.#sessions.delete(connection);
      },
    });
    const own = [...this.#viewers.values()].filter((one) => one.staffId === member.id);
    if (own.length >= limits.perPerson) {
      connection.close(closeCodes.tooMany, 'too many windows of one person');
      return;
    }
    // What the snapshot has is not told again.
    this.#flush();
    this.#viewers.set(connection, viewer);
    this.#sessions.set(connection, { token, rights: rightsOf(member) });
    const missed = this.#missed(viewer, resume);
    if (missed === undefined) {
      this.#sendSnapshot(connection, viewer);
      return;
    }
    connection.beat();
    for (const { seq, message } of missed) connection.send({ ...message, seq });
  }

  /** Ends the sockets of a person whose sessions were revoked or whose rights changed. */
  disconnect(staffId: string): void {
    for (const [connection, viewer] of [...this.#viewers]) {
      if (viewer.staffId === staffId) this.#end(connection);
    }
  }

  /**
   * Sessions end in many ways and in other processes: log-out, another password, a closed account, other rights or
   * sites. One question a moment finds all of them, whatever the clients say or do not say.
   */
  async #sweep(): Promise<void> {
    if (this.#isSweeping || this.#sessions.size === 0) return;
    this.#isSweeping = true;
    const asked = [...this.#sessions];
    try {
      const tokens = [...new Set(asked.map(([, { token }]) => token))];
      const members = await this.#options.membersOf(tokens);
      for (const [connection, { token, rights }] of asked) {
        const member = members.get(token);
        if (member === undefined || rightsOf(member) !== rights) this.#end(connection);
      }
    } catch (error) {
      // While the database is away nobody can say who was logged out; nothing can be changed either.
      this.#options.log.warn({ reason: messageOf(error) }, 'sessions of screens not checked');
    } finally {
      this.#isSweeping = false;
    }
  }

  #end(connection: Connection): void {
    // At once no longer told of anything, however long the closing takes.
    this.#viewers.delete(connection);
    this.#sessions.delete(connection);
    this.#options.onEnd('session');
    connection.close(closeCodes.sessionOver, 'the session is over');
  }

  close(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
    clearInterval(this.#sweeper);
    for (const connection of [...this.#viewers.keys()]) {
      connection.close(closeCodes.stopping, 'the service stops');
    }
  }

  #missed(viewer: Viewer, { epoch, after }: Resume) {
    if (epoch !== this.epoch || after === undefined) return undefined;
    const entries = this.#ring.after(after);
    if (entries?.some(({ item }) => item.newScopeOf === viewer.staffId) !== false) return undefined;
    return entries.flatMap(({ seq, item }) => {
      const message = messageFor(viewer, item.change);
      return message === undefined ? [] : [{ seq, message }];
    });
  }

  #onChange(change: LiveChange): void {
    const key = lingeringAs(change);
    const entry = { change, newScopeOf: this.#newScope(change) };
    // The newest is told, in the order in which they came last.
    if (key !== undefined) this.#lingering.delete(key);
    if (key === undefined || entry.newScopeOf !== undefined) {
      this.#tell([entry]);
      return;
    }
    this.#lingering.set(key, entry);
    this.#timer ??= setTimeout(() => this.#flush(), lingerMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = [...this.#lingering.values()];
    this.#lingering.clear();
    if (entries.length > 0) this.#tell(entries);
  }

  #tell(told: readonly Entry[]): void {
    const entries = told.map((entry) => ({
      ...entry,
      seq: this.#ring.add(entry),
      // Most viewers see the very same object: it is written once.
      texts: new Map<Message, string>(),
      hidden: hiddenOnce(entry.change),
    }));
    for (const [connection, viewer] of [...this.#viewers]) {
      if (entries.some(({ newScopeOf }) => newScopeOf === viewer.staffId)) {
        this.#sendSnapshot(connection, viewer);
        continue;
      }
      const shown = entries.flatMap(({ change, seq, texts, hidden }) => {
        const message = messageFor(viewer, change, hidden);
        if (message === undefined) return [];
        const text = texts.get(message) ?? JSON.stringify({ ...message, seq });
        texts.set(message, text);
        return [text];
      });
      if (shown.length > 0) connection.sendTexts(shown);
      if (entries.some(({ change }) => change.type === 'desk' && isOffer(change, viewer))) {
        this.#options.latencies.popWritten(viewer.staffId);
      }
    }
  }

  #newScope(change: LiveChange): string | undefined {
    if (change.type !== 'agent') return undefined;
    const { staffId, queueIds } = change.agent;
    const before = this.#queueIds.get(staffId);
    this.#queueIds.set(staffId, queueIds);
    if (before !== undefined && String(before) === String(queueIds)) return undefined;
    for (const viewer of this.#viewers.values()) {
      if (viewer.staffId === staffId) viewer.queueIds = queueIds;
    }
    return staffId;
  }

  #sendSnapshot(connection: Connection, viewer: Viewer): void {
    const { board, clock } = this.#options;
    const now = clock.now().toISOString();
    const message = snapshotFor(viewer, board.snapshot(), { epoch: this.epoch, now });
    connection.send({ ...message, seq: this.#ring.seq });
  }
}

/**
 * What colleagues, queues and calls do, and what is new in lists, may come together, so much later: with a hundred
 * agents each call changes a dozen things on each of their screens, and a write costs more than all the rest of it.
 */
const lingerMs = 100;

/** Changes of the same name make those before them old; undefined for what calls for somebody's hand. */
function lingeringAs(change: LiveChange): string | undefined {
  switch (change.type) {
    case 'agent':
      return `agent ${change.agent.staffId}`;
    case 'queue':
      return `queue ${change.queue.queueId}`;
    case 'waiting':
      return `waiting ${change.queueId}`;
    case 'call':
      return `call ${change.call.callId}`;
    case 'event':
      return `event ${change.name} ${JSON.stringify(change.payload)}`;
    case 'desk':
    case 'alarm':
      return undefined;
  }
}

interface Session {
  token: string;
  /** Role and sites with which it began; with others the client is to begin anew. */
  rights: string;
}

function rightsOf({ role, siteIds }: Member): string {
  return JSON.stringify([role, siteIds === null ? null : [...siteIds].sort()]);
}

function isOffer({ desk }: Extract<LiveChange, { type: 'desk' }>, viewer: Viewer): boolean {
  return desk.offer !== null && desk.agent.staffId === viewer.staffId;
}

/** What a client that comes back says that it has. */
export interface Resume {
  epoch: string | undefined;
  after: number | undefined;
}
