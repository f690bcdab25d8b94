import {
  FaxPage,
  FaxQuery,
  FaxSendingPage,
  FaxSendingQuery,
  FaxSendingView,
  NewFaxSending,
} from '../faxes.ts';
import { Binary, IdParams } from '../fields.ts';
import { routes } from '../route.ts';

export const faxRoutes = routes({
  'POST /fax-sendings': {
    summary: 'Fax the bills of a home; tried up to four times',
    tags: ['faxes'],
    permission: 'owners.write',
    scope: 'site',
    body: NewFaxSending,
    responses: { 202: FaxSendingView },
  },
  'GET /fax-sendings': {
    summary: 'Faxes that go out, newest first',
    tags: ['faxes'],
    permission: 'data.read',
    scope: 'site',
    query: FaxSendingQuery,
    responses: { 200: FaxSendingPage },
  },
  'GET /fax-sendings/:id': {
    summary: 'How far a fax is, with each try',
    tags: ['faxes'],
    permission: 'data.read',
    scope: 'site',
    params: IdParams,
    responses: { 200: FaxSendingView },
  },
  'GET /faxes': {
    summary: 'Faxes received, newest first',
    tags: ['faxes'],
    permission: 'recordings.play',
    scope: 'site',
    query: FaxQuery,
    responses: { 200: FaxPage },
  },
  'GET /faxes/:id/document': {
    summary: 'The pages as PDF; each reading is audited',
    tags: ['faxes'],
    permission: 'recordings.play',
    scope: 'site',
    names: { id: 'fax' },
    params: IdParams,
    responses: { 200: Binary },
  },
});
