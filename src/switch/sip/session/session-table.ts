import { parseNameAddress } from '../message/headers.ts';
import { headerOf, type SipRequest } from '../message/message.ts';
import type { Flow } from '../transport/transport.types.ts';
import { dialogKey } from './dialog.ts';
import type { DialogUser } from './dialog-user.ts';
import type { BaseSession } from './session.ts';

/** Calls that stand, by their dialogs. */
export class SessionTable {
  readonly #sessions = new Map<string, BaseSession>();

  get size(): number {
    return this.#sessions.size;
  }

  /** As they are now: ending one takes it out. */
  get all(): readonly BaseSession[] {
    return [...this.#sessions.values()];
  }

  add(session: BaseSession): void {
    this.#sessions.set(dialogKey(session.sipCallId, session.dialogTag), session);
  }

  delete(session: DialogUser): void {
    this.#sessions.delete(dialogKey(session.sipCallId, session.dialogTag));
  }

  find(callId: string, localTag: string): BaseSession | undefined {
    return this.#sessions.get(dialogKey(callId, localTag));
  }

  /** The call in whose dialog a request was sent. */
  of({ headers }: SipRequest): BaseSession | undefined {
    const tag = parseNameAddress(headerOf(headers, 'to') ?? '').params.get('tag') ?? '';
    return this.find(headerOf(headers, 'call-id') ?? '', tag);
  }

  /** Whether a call runs on that connection. */
  runsOn(flow: Flow): boolean {
    for (const session of this.#sessions.values()) if (session.runsOn(flow)) return true;
    return false;
  }

  /** Calls whose connection is over go on where the telephone is found now. */
  moveLost(find: (contact: string, users: ReadonlySet<string>) => Flow | undefined): void {
    for (const session of this.#sessions.values()) {
      if (session.isReachable) continue;
      const found = find(session.remoteContact, session.users);
      if (found !== undefined) session.moveTo(found);
    }
  }
}
