import { Type } from 'typebox';
import { IdParams, Uuid, closed } from '../fields.ts';
import { pageQuery } from '../pages.ts';
import {
  BillPage,
  BillQuery,
  EstatePage,
  NewPayment,
  PaymentResult,
  RoomPage,
  RoomQuery,
} from '../property.ts';
import { routes } from '../route.ts';

export const propertyRoutes = routes({
  'GET /estates': {
    summary: 'Estates',
    tags: ['property'],
    permission: 'data.read',
    scope: 'site',
    query: closed(pageQuery),
    responses: { 200: EstatePage },
  },
  'GET /buildings': {
    summary: 'Buildings of an estate',
    tags: ['property'],
    permission: 'data.read',
    scope: 'site',
    query: closed({ estateId: Uuid }),
    responses: {
      200: closed({ items: Type.Array(closed({ id: Uuid, number: Type.String() })) }),
    },
  },
  'GET /rooms': {
    summary: 'Rooms',
    tags: ['property'],
    permission: 'data.read',
    scope: 'site',
    query: RoomQuery,
    responses: { 200: RoomPage },
  },
  'GET /bills': {
    summary: 'Bills',
    tags: ['bills'],
    permission: 'data.read',
    scope: 'site',
    query: BillQuery,
    responses: { 200: BillPage },
  },
  'POST /bills/:id/payments': {
    summary: 'Take a payment on a bill, at most what is owed',
    tags: ['bills'],
    permission: 'bills.write',
    scope: 'site',
    names: { id: 'bill' },
    params: IdParams,
    body: NewPayment,
    responses: { 201: PaymentResult },
  },
});
