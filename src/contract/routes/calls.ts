import { Type } from 'typebox';
import {
  DialRequest,
  IdentifyRequest,
  OrderDraft,
  Party,
  WrapUpRequest,
} from '../agents/agents.ts';
import { CallDetail, CallPage, RecordingPage, RecordingQuery } from '../agents/calls.ts';
import { Binary, Done, IdParams, Uuid, closed } from '../fields.ts';
import { pageQuery, SearchText } from '../pages.ts';
import { routes } from '../route.ts';

/** What an agent does to one call. */
const ofOneCall = {
  tags: ['calls'],
  permission: 'calls.handle',
  scope: 'site',
  names: { id: 'call' },
  params: IdParams,
} as const;

export const callRoutes = routes({
  'POST /calls': {
    summary: 'Dial out: my telephone first',
    tags: ['calls'],
    permission: 'calls.handle',
    scope: 'site',
    body: DialRequest,
    responses: { 201: closed({ callId: Type.String() }) },
  },
  'GET /calls': {
    summary: 'Calls, newest first',
    tags: ['calls'],
    permission: 'data.read',
    scope: 'site',
    query: closed({
      ...pageQuery,
      /** Those that the reader answered, dialled, was asked in or missed. */
      mine: Type.Optional(Type.Boolean()),
      estateId: Type.Optional(Uuid),
      /** Telephone number, person, home, id of the call, or number of an order that came of it. */
      q: Type.Optional(SearchText),
    }),
    responses: { 200: CallPage },
  },
  'GET /calls/:id': {
    summary: 'A call with its timeline',
    tags: ['calls'],
    permission: 'data.read',
    scope: 'site',
    names: { id: 'call' },
    params: IdParams,
    responses: { 200: CallDetail },
  },
  'GET /recordings': {
    summary: 'Recordings, newest first',
    tags: ['recordings'],
    permission: 'recordings.play',
    scope: 'site',
    query: RecordingQuery,
    responses: { 200: RecordingPage },
  },
  'GET /recordings/:id/audio': {
    summary: 'The WAV file; understands Range, and each playing is audited',
    tags: ['recordings'],
    permission: 'recordings.play',
    scope: 'site',
    names: { id: 'recording' },
    params: IdParams,
    responses: { 200: Binary, 206: Binary, 416: Type.Null() },
  },
  'POST /calls/:id/hold': {
    summary: 'Customer hears music',
    ...ofOneCall,
    responses: { 200: Done },
  },
  'POST /calls/:id/resume': {
    summary: 'Back to the customer',
    ...ofOneCall,
    responses: { 200: Done },
  },
  'POST /calls/:id/hangup': {
    summary: 'Hang up',
    ...ofOneCall,
    responses: { 200: Done },
  },
  'POST /calls/:id/consult/complete': {
    summary: 'Hand the customer to the colleague',
    ...ofOneCall,
    responses: { 200: Done },
  },
  'POST /calls/:id/consult/cancel': {
    summary: 'Back to the customer, without the colleague',
    ...ofOneCall,
    responses: { 200: Done },
  },
  'POST /calls/:id/conference': {
    summary: 'All three talk',
    ...ofOneCall,
    responses: { 200: Done },
  },
  'POST /calls/:id/transfer': {
    summary: 'Blind transfer',
    ...ofOneCall,
    body: Party,
    responses: { 200: Done },
  },
  'POST /calls/:id/consult': {
    summary: 'Ask a colleague first',
    ...ofOneCall,
    body: Party,
    responses: { 200: Done },
  },
  'POST /calls/:id/wrap-up': {
    summary: 'End my wrap-up',
    ...ofOneCall,
    body: WrapUpRequest,
    responses: { 200: Done },
  },
  'PUT /calls/:id/draft': {
    summary: 'The half-written order',
    ...ofOneCall,
    body: OrderDraft,
    responses: { 200: Done },
  },
  'PUT /calls/:id/person': {
    summary: 'Say who calls',
    ...ofOneCall,
    body: IdentifyRequest,
    responses: { 200: Done },
  },
});
