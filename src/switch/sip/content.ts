import { headersOf, type Header, type SipRequest } from './message/message.ts';

const ours = 'application/sdp';
const accept: Header = ['accept', ours];

/**
 * Whether an INVITE's body is of a kind that we read, and ours of a kind that they do (RFC 3261 sections 8.2.3 and
 * 21.4.7). Both headers may be left out, which means a description.
 */
export function contentRefusal({
  headers,
  body,
}: SipRequest): { status: 406 | 415; headers: Header[] } | undefined {
  const types = headersOf(headers, 'content-type').map(mediaType);
  if (body !== '' && types.some((type) => type !== ours)) return { status: 415, headers: [accept] };
  const accepted = headersOf(headers, 'accept').map(mediaType);
  const fits = [ours, 'application/*', '*/*', ''];
  if (accepted.length > 0 && !accepted.some((type) => fits.includes(type))) {
    return { status: 406, headers: [] };
  }
  return undefined;
}

/** Without its parameters; white space may stand around the slash. */
function mediaType(value: string): string {
  const [type = ''] = value.split(';', 1);
  return type
    .split('/')
    .map((part) => part.trim().toLowerCase())
    .join('/');
}
