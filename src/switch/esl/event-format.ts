import type { SwitchEvent } from '../channel/index.ts';
import { frame } from './frames.ts';

export type EventFormat = 'plain' | 'json' | 'xml';

/** An event as it goes over the wire in the format that the client asked for. */
export function eventFrame(event: SwitchEvent, format: EventFormat): string {
  const body = format === 'json' ? jsonOf(event) : format === 'xml' ? xmlOf(event) : plainOf(event);
  return frame(
    [
      ['Content-Length', String(Buffer.byteLength(body))],
      ['Content-Type', `text/event-${format}`],
    ],
    body,
  );
}

export function jsonOf(event: SwitchEvent): string {
  const fields: Record<string, string> = {};
  for (const [name, value] of event.headers) fields[name] = value;
  if (event.body !== undefined) {
    fields['Content-Length'] = String(Buffer.byteLength(event.body));
    fields['_body'] = event.body;
  }
  return JSON.stringify(fields);
}

/** Values are URL-encoded, as FreeSWITCH does outside JSON. */
export function plainOf(event: SwitchEvent): string {
  const lines = event.headers.map(([name, value]) => `${name}: ${encodeURIComponent(value)}\n`);
  if (event.body === undefined) return `${lines.join('')}\n`;
  return `${lines.join('')}Content-Length: ${Buffer.byteLength(event.body)}\n\n${event.body}`;
}

function xmlOf(event: SwitchEvent): string {
  const lines = event.headers.map(
    ([name, value]) => `    <${name}>${encodeURIComponent(value)}</${name}>\n`,
  );
  const body =
    event.body === undefined
      ? ''
      : `  <Content-Length>${Buffer.byteLength(event.body)}</Content-Length>\n  <body>${escapeXml(event.body)}</body>\n`;
  return `<event>\n  <headers>\n${lines.join('')}  </headers>\n${body}</event>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
