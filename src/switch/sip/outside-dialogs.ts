import { contentRefusal } from './content.ts';
import { parseNameAddress, parseRequestUri } from './message/headers.ts';
import { headerOf, tokensOf, type Header, type SipRequest } from './message/message.ts';
import { allow } from './session/session.ts';
import { isTooShort, minSessionSec } from './session/session-timer.ts';

/** Extensions that we support (RFC 4028, RFC 3891, RFC 3262). */
const supported: readonly string[] = ['timer', 'replaces', '100rel'];

export interface Answer {
  status: number;
  headers?: readonly Header[];
}

/**
 * What a request outside any dialog is answered with at once; an INVITE or REGISTER that may go on is not.
 * Throws `SipSyntaxError` for one that names nobody.
 */
export function answerOutside(request: SipRequest): Answer | 'INVITE' | 'REGISTER' {
  const { method } = request;
  // Max-Forwards is not looked at: we are where it goes, and forward nothing (RFC 4475 section 3.3.11).
  const unknown = tokensOf(request.headers, 'require').filter((one) => !supported.includes(one));
  if (unknown.length > 0 && method !== 'CANCEL') {
    return { status: 420, headers: [['unsupported', unknown.join(', ')]] };
  }
  parseRequestUri(request.uri);
  parseNameAddress(headerOf(request.headers, 'from') ?? '');
  switch (method) {
    case 'INVITE':
      return inviteRefusal(request) ?? 'INVITE';
    case 'REGISTER':
      return 'REGISTER';
    case 'OPTIONS':
      return {
        status: 200,
        headers: [
          ['allow', allow],
          ['accept', 'application/sdp'],
          ['supported', supported.join(', ')],
        ],
      };
    case 'BYE':
    case 'UPDATE':
    case 'INFO':
    case 'REFER':
    case 'NOTIFY':
    case 'PRACK':
      return { status: 481 };
    default:
      return { status: 405, headers: [['allow', allow]] };
  }
}

function inviteRefusal(request: SipRequest): Answer | undefined {
  const refusal = contentRefusal(request);
  if (refusal !== undefined) return refusal;
  if (!isTooShort(request.headers)) return undefined;
  return { status: 422, headers: [['min-se', String(minSessionSec)]] };
}
