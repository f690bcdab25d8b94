/** One line of a call's timeline, in words. Undefined for steps that tell a reader nothing. Pure. */
import type { CallEvent } from '../../../api/types.ts';
import { textOf, type Translate } from '../../../shared/i18n/i18n.ts';

export interface EventLine {
  title: string;
  note: string;
}

/** What names ids and codes that the events carry. */
export interface EventNames {
  /** Of whoever has talked in the call, by staff id. */
  staff: ReadonlyMap<string, string>;
  /** Of results of wrap-up, by code, in the reader's language. */
  wrapUpReasons: ReadonlyMap<string, string>;
}

/** Ends of legs and steps that another line tells. */
const silent: readonly string[] = ['leg.ended', 'leg.answered'];

export function eventLine(
  t: Translate,
  event: CallEvent,
  names: EventNames,
): EventLine | undefined {
  if (silent.includes(event.kind)) return undefined;
  const data = factsOf(event.data);
  if (event.kind === 'flow.stepped' && data['action'] !== undefined) {
    const node = data['node'];
    if (typeof node !== 'string') return undefined;
    return { title: textOf(t, 'node', node), note: actionText(t, data['action']) };
  }
  // The end of the call is a line of its own.
  if (event.kind === 'conversation.changed' && data['to'] === 'ended') return undefined;
  return { title: textOf(t, 'event', event.kind), note: noteOf(t, event.kind, data, names) };
}

function actionText(t: Translate, action: unknown): string {
  return typeof action === 'string' ? textOf(t, 'action', action) : '';
}

const prefixes: Readonly<Record<string, string>> = {
  from: 'conversation',
  to: 'conversation',
  mode: 'supervise',
};

/** The facts that people ask for; ids are for machines. */
function noteOf(
  t: Translate,
  kind: string,
  data: Readonly<Record<string, unknown>>,
  names: EventNames,
): string {
  const { staffId, reason } = data;
  const who = typeof staffId === 'string' ? names.staff.get(staffId) : undefined;
  if (kind === 'call.wrappedUp') {
    const why = typeof reason === 'string' ? (names.wrapUpReasons.get(reason) ?? '') : '';
    return [who ?? '', why].filter((one) => one !== '').join(' · ');
  }
  const told = [
    'digits',
    'keys',
    'key',
    'node',
    'result',
    'reason',
    'name',
    'number',
    'cause',
    'score',
    'language',
    ...(kind === 'conversation.changed' ? ['to'] : []),
    ...(kind.startsWith('supervision.') ? ['mode'] : []),
  ];
  const notes = told.flatMap((name) => {
    const value = data[name];
    if (name === 'key' && typeof value === 'string') return [value];
    if (name === 'score' && typeof value === 'number') return [textOf(t, 'mark', String(value))];
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    return [textOf(t, prefixes[name] ?? name, String(value))];
  });
  return [...(who === undefined ? [] : [who]), ...notes].join(' · ');
}

function factsOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}
