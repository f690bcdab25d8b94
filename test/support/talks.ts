import { WebSocket } from 'ws';
import type { DeskView } from '../../src/contract/agents/agents.ts';
import type { ServerMessage } from '../../src/contract/agents/realtime.ts';
import type { Caller } from '../../scripts/phone/caller.ts';
import { call } from './calls.ts';
import type { Callee, TakenCall } from './callee.ts';
import { humming } from './hum.ts';
import type { Service } from './service.ts';
import { until } from './until.ts';

export type Snapshot = Extract<ServerMessage, { type: 'snapshot' }>;

/** Agents at desk telephones, each humming a tone of its own, and callers who hum theirs. */
export function openTalks(service: Service, phone: Callee) {
  const act = async (who: string, path: string, method = 'POST', body?: unknown) => {
    const token = await service.token(who);
    const reply = await service.api(path, {
      ...{ token, method },
      ...(body === undefined ? {} : { body }),
    });
    if (!reply.ok) throw new Error(`${who} ${method} ${path}: ${await reply.text()}`);
    return (reply.status === 204 ? {} : await reply.json()) as Record<string, unknown>;
  };
  const desk = async (who: string): Promise<DeskView | null> =>
    (await act(who, '/agents/me', 'GET'))['desk'] as DeskView | null;
  return {
    act,
    desk,
    async seat(who: string, number: string) {
      await act(who, '/agents/me/session', 'POST', { phone: 'outside', number });
    },
    async free(who: string) {
      // Who is free already is told so, and is.
      const agent = (await desk(who))?.agent;
      if (agent?.presence === 'available' && agent.isPhoneReady) return;
      await act(who, '/agents/me/presence', 'PUT', { presence: 'available' });
    },
    async away(who: string) {
      await act(who, '/agents/me/presence', 'PUT', { presence: 'break', reason: 'training' });
    },
    staffId: async (who: string) => (await desk(who))?.agent.staffId ?? '',
    /** The telephone of that number once it has been picked up. */
    async takenBy(number: string, hz: number): Promise<TakenCall> {
      const taken = await until(`the phone ${number} to ring`, () =>
        phone.calls.findLast((one) => one.session.to.user === number && one.end === undefined),
      );
      void taken.say(humming(hz));
      return taken;
    },
    async comes(from: string, hz: number, keys = '!0'): Promise<Caller> {
      const caller = await call(service, from, keys);
      void caller.say(humming(hz));
      return caller;
    },
    inMode: (who: string, mode: string) =>
      until(`${who} to be ${mode}`, async () => {
        const view = await desk(who).catch(() => null);
        return view?.call?.conversation === mode && view.call;
      }),
    wrapUp: (who: string) =>
      until(`the wrap-up of ${who}`, async () => (await desk(who))?.wrapUp ?? false),
    /** @param hz one tone that must be heard now, or with `isHeard` false must not. */
    hears: (what: string, { ear }: TakenCall | Caller, hz: number, isHeard = true) =>
      until(`${what} ${isHeard ? 'to' : 'not to'} hear ${hz} Hz`, () => {
        const share = ear.toneShare(hz, 400);
        return isHeard ? share > 0.1 : share < 0.02;
      }),
    /** What a supervisor's wall shows at this moment. */
    async wall(): Promise<Snapshot> {
      const token = await service.token('supervisor');
      const socket = new WebSocket(`ws://127.0.0.1:${service.httpPort}/api/v1/events`, {
        headers: { authorization: `Bearer ${token}` },
      });
      try {
        return await new Promise<Snapshot>((resolve, reject) => {
          socket.once('error', reject);
          socket.once('message', (data: Buffer) => {
            resolve(JSON.parse(data.toString()) as Snapshot);
          });
        });
      } finally {
        socket.terminate();
      }
    },
  };
}
