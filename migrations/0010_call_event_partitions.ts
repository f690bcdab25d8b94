import { sql, type Kysely } from 'kysely';

/** Events that fell into the default partition while no month was made move to their month. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE OR REPLACE FUNCTION make_call_event_partitions(months integer) RETURNS void
    LANGUAGE plpgsql AS $$
    DECLARE
      first date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
      month date;
      name text;
      lower_bound timestamptz;
      upper_bound timestamptz;
    BEGIN
      -- Two processes at once would both find the table missing.
      PERFORM pg_advisory_xact_lock(hashtext('make_call_event_partitions'));
      FOR i IN 0..months LOOP
        month := first + make_interval(months => i);
        name := 'call_event_' || to_char(month, 'YYYYMM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        lower_bound := (to_char(month, 'YYYY-MM-DD') || ' 00:00+00')::timestamptz;
        upper_bound := (to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00+00')::timestamptz;
        EXECUTE format('CREATE TABLE %I (LIKE call_event INCLUDING ALL)', name);
        EXECUTE format(
          'WITH moved AS (DELETE FROM call_event_default WHERE at >= %L AND at < %L RETURNING *)
           INSERT INTO %I SELECT * FROM moved', lower_bound, upper_bound, name);
        EXECUTE format(
          'ALTER TABLE call_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
          name, lower_bound, upper_bound);
      END LOOP;
    END $$;
  `.execute(db);
}
