import { Type } from 'typebox';
import { Uuid, closed } from '../fields.ts';
import { routes } from '../route.ts';

/** Their bodies are signed byte by byte, and read once the signature is right (docs/messages.md). */
export const Receipt = Type.Object({
  id: Uuid,
  state: Type.Enum(['delivered', 'failed']),
  reason: Type.Optional(Type.String({ maxLength: 400 })),
});
export const Incoming = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  from: Type.String({ pattern: '^\\+?[0-9 -]{3,25}$' }),
  text: Type.String({ maxLength: 4000 }),
});

const Nothing = closed({});
const shortest = 16 * 1024;
/** A returned mail may carry all of what was sent. */
const longestMail = 1024 * 1024;

export const carrierRoutes = routes({
  'POST /message-receipts': {
    summary: 'A signed delivery receipt for a text',
    tags: ['messages'],
    permission: null,
    scope: 'signed',
    responses: { 200: Nothing },
    bodyLimit: shortest,
    rateLimit: false,
  },
  'POST /incoming-messages': {
    summary: 'A signed text that somebody sent to us',
    tags: ['messages'],
    permission: null,
    scope: 'signed',
    responses: { 200: Nothing },
    bodyLimit: shortest,
    rateLimit: false,
  },
  'POST /mail-bounces': {
    summary: 'A signed mail that came back, as it is',
    tags: ['messages'],
    permission: null,
    scope: 'signed',
    responses: { 200: Nothing },
    bodyLimit: longestMail,
    rateLimit: false,
  },
  'POST /switch/directory': {
    summary: 'Who may register; see docs/protocol/directory.md',
    tags: ['switches'],
    permission: null,
    scope: 'signed',
    responses: { 200: Type.String() },
    rateLimit: false,
    isHidden: true,
  },
});
