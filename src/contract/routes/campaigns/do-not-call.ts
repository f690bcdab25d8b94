import { Type } from 'typebox';
import {
  DoNotCallScope,
  DoNotCallView,
  ImportDoNotCall,
  ImportedDoNotCall,
  LiftDoNotCall,
  LiftedDoNotCall,
  NewDoNotCall,
} from '../../campaigns/do-not-call.ts';
import { IdParams, closed } from '../../fields.ts';
import { pageOf, pageQuery } from '../../pages.ts';
import { routes } from '../../route.ts';

export const doNotCallRoutes = routes({
  'GET /do-not-call': {
    summary: 'Numbers and people not to be called, newest first; lifted ones are kept',
    tags: ['campaigns'],
    permission: 'data.read',
    scope: 'site',
    query: closed({
      ...pageQuery,
      state: Type.Optional(Type.Enum(['active', 'over'])),
      scope: Type.Optional(DoNotCallScope),
      q: Type.Optional(Type.String({ maxLength: 80 })),
    }),
    responses: { 200: pageOf(DoNotCallView) },
  },
  'POST /do-not-call': {
    summary: 'Somebody is not to be called any more',
    tags: ['campaigns'],
    permission: 'campaigns.write',
    scope: 'site',
    body: NewDoNotCall,
    responses: { 201: DoNotCallView },
  },
  'POST /do-not-call/:id/lift': {
    summary: 'They may be called again; the entry is kept as history',
    tags: ['campaigns'],
    permission: 'campaigns.write',
    scope: 'site',
    names: { id: 'doNotCall' },
    params: IdParams,
    body: LiftDoNotCall,
    responses: { 200: LiftedDoNotCall },
  },
  'POST /do-not-call/import': {
    summary: 'A list of numbers not to be called (text or CSV); says which lines are wrong',
    tags: ['campaigns'],
    permission: 'campaigns.write',
    scope: 'site',
    body: ImportDoNotCall,
    responses: { 201: ImportedDoNotCall },
    bodyLimit: 20 * 1024 * 1024,
  },
});
