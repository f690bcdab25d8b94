import { sql, type Kysely } from 'kysely';

/**
 * Numbers in the one form of src/api/contract/numbers.ts, as far as a row's digits leave no doubt: without
 * 86, without the 0 of a mobile, without the code of an IP call, landlines with the 0 of their area. Whatever
 * is in doubt stays as it is. An extension is kept apart from the number.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE FUNCTION pg_temp.kept_number(written text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
      SELECT CASE
        WHEN written !~ '^[+]?[0-9]{3,30}$' THEN written
        WHEN digits ~ '^((00)?86)?0?1[3-9][0-9]{9}$' THEN right(digits, 11)
        WHEN digits ~ '^((00)?86)?0?[48]00[0-9]{7}$' THEN right(digits, 10)
        WHEN digits ~ '^(00)?860?(10|2[0-9])[1-9][0-9]{7}$' THEN '0' || right(digits, 10)
        WHEN digits ~ '^(00)?860?[3-9][0-9]{2}[1-9][0-9]{6,7}$'
          THEN '0' || regexp_replace(digits, '^(00)?860?', '')
        WHEN digits ~ '^(179[0-9]{2}|125930?|1252[0-9]|12583[1-9]|11808|10193|10131|19[0367])0?1[3-9][0-9]{9}$'
          THEN right(digits, 11)
        WHEN written ~ '^[+](?!86)[1-9][0-9]{6,14}$' THEN '00' || digits
        ELSE written
      END
      FROM (SELECT regexp_replace(written, '[^0-9]', '', 'g') AS digits) AS read
    $$;
  `.execute(db);
  await people(db);
  await others(db);
  await sql`DROP FUNCTION pg_temp.kept_number(text)`.execute(db);
}

/** Two rows of one person that turn out to be one number become one, and no proof of it is lost. */
async function people(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE person_phone ADD COLUMN extension text CHECK (extension ~ '^[0-9]{1,6}$');
    CREATE TEMPORARY TABLE same_phone ON COMMIT DROP AS
      SELECT id, person_id, kept, is_primary, verified_at, verified_how, verified_by,
        first_value(id) OVER (
          PARTITION BY person_id, kept ORDER BY (number = kept) DESC, id
        ) AS stays
      FROM (SELECT *, pg_temp.kept_number(number) AS kept FROM person_phone) AS phone;
    UPDATE person_phone SET
        is_primary = person_phone.is_primary OR merged.is_primary,
        verified_at = merged.verified_at,
        verified_how = merged.verified_how,
        verified_by = merged.verified_by
      FROM (
        SELECT stays, bool_or(is_primary) AS is_primary,
          (array_agg(verified_at ORDER BY verified_at DESC NULLS LAST))[1] AS verified_at,
          (array_agg(verified_how ORDER BY verified_at DESC NULLS LAST))[1] AS verified_how,
          (array_agg(verified_by ORDER BY verified_at DESC NULLS LAST))[1] AS verified_by
        FROM same_phone GROUP BY stays HAVING count(*) > 1
      ) AS merged
      WHERE person_phone.id = merged.stays;
    DELETE FROM person_phone USING same_phone
      WHERE person_phone.id = same_phone.id AND same_phone.id <> same_phone.stays;
    UPDATE person_phone SET number = same_phone.kept FROM same_phone
      WHERE person_phone.id = same_phone.id AND number <> same_phone.kept;
  `.execute(db);
}

async function others(db: Kysely<unknown>): Promise<void> {
  await sql`
    UPDATE do_not_call AS entry SET number = pg_temp.kept_number(number)
      WHERE number <> pg_temp.kept_number(number) AND NOT EXISTS (
        SELECT 1 FROM do_not_call AS other
        WHERE other.number = pg_temp.kept_number(entry.number)
          AND other.scope = entry.scope AND other.call_id = entry.call_id
      );
    UPDATE campaign_list_entry SET number = pg_temp.kept_number(number)
      WHERE number <> pg_temp.kept_number(number);
    UPDATE campaign_contact AS contact SET
        next_number = pg_temp.kept_number(next_number),
        numbers = (
          SELECT jsonb_agg(one || jsonb_build_object('number', pg_temp.kept_number(one ->> 'number')) ORDER BY at)
          FROM jsonb_array_elements(contact.numbers) WITH ORDINALITY AS listed (one, at)
        )
      WHERE state IN ('waiting', 'dialling') AND EXISTS (
        SELECT 1 FROM jsonb_array_elements(contact.numbers) AS one
        WHERE one ->> 'number' <> pg_temp.kept_number(one ->> 'number')
      );
    UPDATE call SET caller_number = pg_temp.kept_number(caller_number)
      WHERE caller_number <> pg_temp.kept_number(caller_number);
    UPDATE work_order SET contact_number = pg_temp.kept_number(contact_number)
      WHERE contact_number <> pg_temp.kept_number(contact_number);
    UPDATE person_address AS kept SET address = pg_temp.kept_number(address)
      WHERE channel = 'fax' AND address <> pg_temp.kept_number(address) AND NOT EXISTS (
        SELECT 1 FROM person_address AS other
        WHERE other.person_id = kept.person_id AND other.channel = 'fax'
          AND other.address = pg_temp.kept_number(kept.address)
      );
    UPDATE incoming_message SET number = pg_temp.kept_number(number)
      WHERE number <> pg_temp.kept_number(number);
  `.execute(db);
}
