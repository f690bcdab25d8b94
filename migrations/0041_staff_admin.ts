import { sql, type Kysely } from 'kysely';

/** Offices, second factor, sites, skills, and the reasons that people give. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE staff DROP CONSTRAINT staff_role_check;
    ALTER TABLE staff
      ADD CONSTRAINT staff_role_check CHECK (role IN ('admin', 'supervisor', 'agent', 'office')),
      ADD COLUMN password_changed_at timestamptz(3) NOT NULL DEFAULT now(),
      -- Base32 (RFC 4648); enabled once the owner has shown a code of it.
      ADD COLUMN totp_secret text,
      ADD COLUMN totp_enabled_at timestamptz(3),
      -- The time step of the last code, which does not count twice (RFC 6238 section 5.2).
      ADD COLUMN totp_last_step bigint;
    CREATE INDEX staff_session_staff ON staff_session (staff_id);

    -- No row: all sites.
    CREATE TABLE staff_site (
      staff_id uuid NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
      estate_id uuid NOT NULL REFERENCES estate (id) ON DELETE CASCADE,
      PRIMARY KEY (staff_id, estate_id)
    );

    CREATE TABLE skill (
      code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
      name jsonb NOT NULL,
      is_active boolean NOT NULL DEFAULT true,
      place integer NOT NULL DEFAULT 0
    );
    CREATE TABLE staff_skill (
      staff_id uuid NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
      skill text NOT NULL REFERENCES skill (code),
      level integer NOT NULL CHECK (level BETWEEN 1 AND 5),
      PRIMARY KEY (staff_id, skill)
    );
    CREATE TABLE break_reason (
      code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
      name jsonb NOT NULL,
      is_active boolean NOT NULL DEFAULT true,
      place integer NOT NULL DEFAULT 0
    );
    CREATE TABLE wrap_up_reason (
      code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
      name jsonb NOT NULL,
      is_active boolean NOT NULL DEFAULT true,
      place integer NOT NULL DEFAULT 0
    );

    CREATE INDEX audit_entry_staff ON audit_entry (staff_id, at DESC, id DESC);
    CREATE INDEX audit_entry_act ON audit_entry (act text_pattern_ops, at DESC);
    CREATE INDEX audit_entry_subject ON audit_entry (subject, at DESC);

    INSERT INTO skill (code, name, place) VALUES
      ('billing', '{"zh-CN": "账单收费", "en": "Bills and fees"}', 1),
      ('repairs', '{"zh-CN": "报修", "en": "Repairs"}', 2),
      ('complaints', '{"zh-CN": "投诉处理", "en": "Complaints"}', 3),
      ('english', '{"zh-CN": "英语服务", "en": "English"}', 4),
      ('vip', '{"zh-CN": "贵宾服务", "en": "VIP care"}', 5);
    INSERT INTO break_reason (code, name, place) VALUES
      ('rest', '{"zh-CN": "小休", "en": "Short break"}', 1),
      ('meal', '{"zh-CN": "用餐", "en": "Meal"}', 2),
      ('desk_work', '{"zh-CN": "案头工作", "en": "Desk work"}', 3),
      ('training', '{"zh-CN": "培训", "en": "Training"}', 4),
      ('meeting', '{"zh-CN": "会议", "en": "Meeting"}', 5);
    INSERT INTO wrap_up_reason (code, name, place) VALUES
      ('answered', '{"zh-CN": "已解答", "en": "Question answered"}', 1),
      ('order_made', '{"zh-CN": "已建工单", "en": "Work order made"}', 2),
      ('call_back', '{"zh-CN": "需要回电", "en": "To be called back"}', 3),
      ('passed_on', '{"zh-CN": "已转交同事", "en": "Passed on to a colleague"}', 4),
      ('complaint', '{"zh-CN": "投诉已受理", "en": "Complaint taken"}', 5),
      ('wrong_number', '{"zh-CN": "拨错号码", "en": "Wrong number"}', 6),
      ('nobody_spoke', '{"zh-CN": "无人说话", "en": "Nobody spoke"}', 7),
      ('nuisance', '{"zh-CN": "骚扰电话", "en": "Nuisance call"}', 8);
  `.execute(db);
}
