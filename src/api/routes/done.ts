import { Type } from 'typebox';

/** What an act answers that is shown elsewhere: on the desk, on the wall. */
export const Done = Type.Object({ ok: Type.Literal(true) });
export const done = { ok: true } as const;

export const idParams = Type.Object({ id: Type.String({ format: 'uuid' }) });
