/** One line of a call's timeline, in words. Undefined for steps that tell a reader nothing. Pure. */
import type { CallEvent } from '../../../api/types.ts';
import { textOf, type Translate } from '../../../shared/i18n/i18n.ts';

export interface EventLine {
  title: string;
  note: string;
}

export function eventLine(t: Translate, event: CallEvent): EventLine | undefined {
  const data = factsOf(event.data);
  if (event.kind === 'flow.stepped' && data['action'] !== undefined) {
    const node = data['node'];
    if (typeof node !== 'string') return undefined;
    return { title: textOf(t, 'node', node), note: actionText(t, data['action']) };
  }
  // The end of the call is a line of its own.
  if (event.kind === 'conversation.changed' && data['to'] === 'ended') return undefined;
  return { title: textOf(t, 'event', event.kind), note: noteOf(t, data) };
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
function noteOf(t: Translate, data: Readonly<Record<string, unknown>>): string {
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
  ];
  return told
    .flatMap((name) => {
      const value = data[name];
      if (name === 'key' && typeof value === 'string') return [value];
      if (name === 'score' && typeof value === 'number') return [textOf(t, 'mark', String(value))];
      if (typeof value !== 'string' && typeof value !== 'number') return [];
      return [textOf(t, prefixes[name] ?? name, String(value))];
    })
    .join(' · ');
}

function factsOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}
