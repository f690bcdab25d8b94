import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** Headers of an event in the order in which they are sent. */
export type Headers = readonly (readonly [name: string, value: string])[];

export interface SwitchEvent {
  name: string;
  subclass: string | undefined;
  headers: Headers;
  body: string | undefined;
}

export interface EventBus {
  readonly coreUuid: string;
  readonly startedAt: number;
  publish(name: string, headers?: Headers, body?: string): SwitchEvent;
  subscribe(listener: (event: SwitchEvent) => void): () => void;
}

/**
 * Where everything that happens is told, stamped as FreeSWITCH stamps it: a Core-UUID that changes
 * with each start, and a sequence without gaps.
 */
export function createEventBus(): EventBus {
  const coreUuid = randomUUID();
  const host = hostname();
  const listeners = new Set<(event: SwitchEvent) => void>();
  let sequence = 0;
  return {
    coreUuid,
    startedAt: Date.now(),
    publish(name, headers = [], body) {
      sequence += 1;
      const subclass = headers.find(([key]) => key === 'Event-Subclass')?.[1];
      const event: SwitchEvent = {
        name,
        subclass,
        headers: [
          ['Event-Name', name],
          ['Core-UUID', coreUuid],
          ['FreeSWITCH-Hostname', host],
          ['FreeSWITCH-Switchname', host],
          ['FreeSWITCH-IPv4', '127.0.0.1'],
          ['FreeSWITCH-IPv6', '::1'],
          ...dateHeaders(new Date()),
          ['Event-Sequence', String(sequence)],
          ...headers,
        ],
        body,
      };
      for (const listener of [...listeners]) listener(event);
      return event;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function dateHeaders(now: Date): Headers {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  return [
    ['Event-Date-Local', local.slice(0, 19).replace('T', ' ')],
    ['Event-Date-GMT', now.toUTCString()],
    ['Event-Date-Timestamp', microseconds(now.getTime())],
  ];
}

/** Milliseconds since 1970 as FreeSWITCH writes times; 0 stays 0. */
export function microseconds(ms: number): string {
  return ms === 0 ? '0' : `${ms}000`;
}
