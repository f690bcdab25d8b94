import http from 'node:http';
import https from 'node:https';
import { messageOf } from '../../core/errors.ts';
import type { SendOutcome } from '../delivery/message.states.ts';
import type { CarriedMessage } from './carrier.ts';
import { sign } from './signature.ts';
import { parseJson } from '../../core/json.ts';

export interface SmsGatewayOptions {
  url: string;
  /** Sent as `Authorization: Bearer`. */
  token: string | undefined;
  /** Signs what we send; receipts must be signed with it, too. */
  secret: string | undefined;
  /** The gateway sends a text with the same `id` once, so that it may be asked again when in doubt. */
  isIdempotent: boolean;
  /** How long it may take to answer, in milliseconds. */
  limitMs?: number;
}

export interface Reply {
  status: number;
  body: string;
}

/** Nothing is read beyond this; an answer is an id and a word. */
const longestReply = 16 * 1024;

/**
 * Posts a text to the gateway of docs/messages.md. A connection of its own for each, so that one which
 * the other side had closed meanwhile is never mistaken for a request that was lost under way.
 */
export function smsGateway(
  options: SmsGatewayOptions,
): (message: CarriedMessage) => Promise<SendOutcome> {
  return async ({ id, address, body: text, language }) => {
    const body = JSON.stringify({ id, to: address, text, language });
    const request = { ...options, body, id };
    const sent = await post(request);
    const outcome = sent.reply === undefined ? failed(sent) : replied(sent.reply);
    return outcome.kind === 'unknown' && options.isIdempotent
      ? { kind: 'not_sent', reason: 'no_answer', detail: outcome.detail }
      : outcome;
  };
}

interface Posted {
  reply?: Reply;
  error?: unknown;
  /** The request, or a part of it, may have arrived. */
  isUnderWay: boolean;
}

function post(options: SmsGatewayOptions & { id: string; body: string }): Promise<Posted> {
  const { url, token, secret, id, body, limitMs = 20_000 } = options;
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'idempotency-key': id,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(secret === undefined ? {} : { 'x-lingting-signature': sign(secret, body, new Date()) }),
  };
  const isSecure = url.startsWith('https:');
  const { request } = isSecure ? https : http;
  return new Promise((resolve) => {
    let isUnderWay = false;
    const call = request(url, { method: 'POST', headers, agent: false });
    const fail = (error: unknown) => {
      clearTimeout(timer);
      call.destroy();
      resolve({ error, isUnderWay });
    };
    const timer = setTimeout(() => fail(new Error(`no answer within ${limitMs} ms`)), limitMs);
    call.on('socket', (socket) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        isUnderWay = true;
      });
    });
    call.on('error', fail);
    call.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (text.length < longestReply) text += chunk;
      });
      response.on('error', fail);
      response.on('end', () => {
        clearTimeout(timer);
        resolve({ reply: { status: response.statusCode ?? 0, body: text }, isUnderWay });
      });
    });
    call.end(body);
  });
}

function failed({ error, isUnderWay }: Posted): SendOutcome {
  const detail = messageOf(error).slice(0, 400);
  return isUnderWay
    ? { kind: 'unknown', detail }
    : { kind: 'not_sent', reason: 'unreachable', detail };
}

/** What the gateway's answer says about the text. Exported for tests. */
export function replied({ status, body }: Reply): SendOutcome {
  const detail = `${status} ${body}`.trim().slice(0, 400);
  if (status >= 200 && status < 300) return { kind: 'sent', providerId: idOf(body) };
  if (status === 401 || status === 403) return { kind: 'not_sent', reason: 'bad_login', detail };
  if (status === 429 || status === 503) return { kind: 'not_sent', reason: 'busy', detail };
  // It is being dealt with: a former request of ours got through.
  if (status === 409) return { kind: 'unknown', detail };
  if (status >= 400 && status < 500) return { kind: 'refused', detail };
  // A gateway that broke may have handed it on before; a redirection is no answer either.
  return status >= 500 ? { kind: 'unknown', detail } : { kind: 'refused', detail };
}

function idOf(body: string): string | null {
  const said = parseJson(body) as { id?: unknown } | null | undefined;
  return typeof said?.id === 'string' ? said.id.slice(0, 200) : null;
}
