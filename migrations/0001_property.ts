import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);

    CREATE TABLE estate (
      id uuid PRIMARY KEY,
      code text NOT NULL UNIQUE,
      name text NOT NULL,
      name_en text NOT NULL,
      city text NOT NULL,
      address text NOT NULL,
      time_zone text NOT NULL DEFAULT 'Asia/Shanghai',
      created_at timestamptz(3) NOT NULL DEFAULT now()
    );
    CREATE INDEX estate_page ON estate (created_at DESC, id DESC);

    CREATE TABLE hotline (
      did text PRIMARY KEY CHECK (did ~ '^[0-9]{2,20}$'),
      estate_id uuid NOT NULL REFERENCES estate (id),
      flow_id text NOT NULL,
      language text NOT NULL CHECK (language IN ('zh-CN', 'en')),
      greeting jsonb NOT NULL,
      hours jsonb NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now()
    );

    CREATE TABLE building (
      id uuid PRIMARY KEY,
      estate_id uuid NOT NULL REFERENCES estate (id),
      number text NOT NULL,
      floors integer NOT NULL CHECK (floors > 0),
      UNIQUE (estate_id, number)
    );
    CREATE TABLE unit (
      id uuid PRIMARY KEY,
      building_id uuid NOT NULL REFERENCES building (id),
      number text NOT NULL,
      UNIQUE (building_id, number)
    );
    CREATE TABLE room (
      id uuid PRIMARY KEY,
      estate_id uuid NOT NULL REFERENCES estate (id),
      unit_id uuid NOT NULL REFERENCES unit (id),
      number text NOT NULL,
      floor integer NOT NULL,
      label text NOT NULL,
      area_cm2 bigint NOT NULL CHECK (area_cm2 > 0),
      layout text NOT NULL,
      state text NOT NULL CHECK (state IN ('occupied', 'vacant', 'decorating')),
      UNIQUE (estate_id, label)
    );
    CREATE INDEX room_unit ON room (unit_id);

    CREATE TABLE person (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      name_pinyin text NOT NULL,
      language text NOT NULL DEFAULT 'zh-CN' CHECK (language IN ('zh-CN', 'en')),
      is_vip boolean NOT NULL DEFAULT false,
      pin_hash text,
      notes text NOT NULL DEFAULT '',
      created_at timestamptz(3) NOT NULL DEFAULT now()
    );
    CREATE INDEX person_page ON person (created_at DESC, id DESC);
    CREATE INDEX person_name ON person (name text_pattern_ops);
    CREATE INDEX person_pinyin ON person (name_pinyin text_pattern_ops);

    CREATE TABLE person_phone (
      id uuid PRIMARY KEY,
      person_id uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
      number text NOT NULL CHECK (number ~ '^[0-9]{3,20}$'),
      is_primary boolean NOT NULL,
      UNIQUE (person_id, number)
    );
    CREATE INDEX person_phone_number ON person_phone (number text_pattern_ops);

    CREATE TABLE occupancy (
      id uuid PRIMARY KEY,
      person_id uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
      room_id uuid NOT NULL REFERENCES room (id),
      role text NOT NULL CHECK (role IN ('owner', 'tenant', 'family')),
      valid_from date NOT NULL,
      valid_to date,
      CHECK (valid_to IS NULL OR valid_to >= valid_from)
    );
    CREATE INDEX occupancy_person ON occupancy (person_id);
    CREATE INDEX occupancy_room ON occupancy (room_id);

    CREATE TABLE bill (
      id uuid PRIMARY KEY,
      room_id uuid NOT NULL REFERENCES room (id),
      kind text NOT NULL
        CHECK (kind IN ('property', 'water', 'electricity', 'gas', 'telephone', 'parking')),
      period text NOT NULL CHECK (period ~ '^[0-9]{4}-[0-9]{2}$'),
      amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
      paid_fen bigint NOT NULL DEFAULT 0 CHECK (paid_fen >= 0),
      due_on date NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      UNIQUE (room_id, kind, period)
    );
    CREATE INDEX bill_page ON bill (created_at DESC, id DESC);
    CREATE INDEX bill_unpaid ON bill (room_id, due_on) WHERE paid_fen < amount_fen;

    CREATE TABLE payment (
      id uuid PRIMARY KEY,
      bill_id uuid NOT NULL REFERENCES bill (id),
      amount_fen bigint NOT NULL CHECK (amount_fen > 0),
      method text NOT NULL,
      paid_at timestamptz(3) NOT NULL
    );
    CREATE INDEX payment_bill ON payment (bill_id);

    CREATE TABLE pin_guard (
      key text PRIMARY KEY,
      failures integer NOT NULL,
      locked_until timestamptz(3),
      updated_at timestamptz(3) NOT NULL
    );
  `.execute(db);
}
