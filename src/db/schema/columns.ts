import type { ColumnType } from 'kysely';

/** What a column reads and takes. */
export type Time = ColumnType<Date, Date | string, Date | string>;
export type OptionalTime = ColumnType<
  Date | null,
  Date | string | null | undefined,
  Date | string | null
>;
export type Json<T> = ColumnType<T, string, string>;
export type OptionalJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
export type CreatedAt = ColumnType<Date, Date | string | undefined, never>;
/** With a default of the database. */
export type DefaultJson<T> = ColumnType<T, string | undefined, string>;
