/** What an act answers that is shown elsewhere: on the desk, on the wall. */
export const done = { ok: true } as const;
