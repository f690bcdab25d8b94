/** Faxes that came in. */
import { Type } from 'typebox';
import { Instant, nullable, Uuid } from './fields.ts';
import { pageOf, pageQuery } from './pages.ts';

export const FaxView = Type.Object({
  id: Uuid,
  callId: Uuid,
  /** The message order that tells of it. */
  workOrderId: nullable(Uuid),
  /** The hotline that was dialled. */
  did: Type.String(),
  /** Of the sending machine; empty when withheld. */
  number: Type.String(),
  pages: Type.Integer(),
  receivedAt: Instant,
});
export const FaxPage = pageOf(FaxView);
export const FaxQuery = Type.Object(pageQuery);
