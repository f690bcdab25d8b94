/** Telephone menus as data. The definition itself is described by src/content/flows/definition.schema.ts. */
import { Type, type Static } from 'typebox';
import { Instant, nullable, Uuid, closed } from './fields.ts';
import { pageOf } from './pages.ts';

export const FlowId = Type.String({ pattern: '^[\\w-]{1,60}$' });

export const FlowView = closed({
  id: FlowId,
  name: Type.String(),
  liveVersion: nullable(Type.Integer()),
  /** Of the live version. */
  definition: Type.Unknown(),
});
export const FlowPage = pageOf(FlowView);

export const FlowVersionView = closed({
  flowId: FlowId,
  version: Type.Integer(),
  checksum: Type.String(),
  /** Null for the ones that came with the program. */
  authorId: nullable(Uuid),
  authorName: nullable(Type.String()),
  note: Type.String(),
  isLive: Type.Boolean(),
  createdAt: Instant,
});
export const FlowVersionPage = pageOf(FlowVersionView);
export const FlowVersionDetail = closed({
  ...FlowVersionView.properties,
  definition: Type.Unknown(),
});
export type FlowVersionDetail = Static<typeof FlowVersionDetail>;

export const NewFlowVersion = closed(
  { definition: Type.Unknown(), note: Type.Optional(Type.String({ maxLength: 500 })) },
  { additionalProperties: false, required: ['definition'] },
);
export const FlowPublication = closed({
  version: Type.Integer({ minimum: 1 }),
  /** What the asker saw; another one by now is answered `flow.changed`. */
  expectedLiveVersion: Type.Optional(Type.Integer()),
});
