/** What changed from what to what, in the reader's words: never a code, an id or a key of ours. Pure. */
import { textAt, type Language, type Translate } from '../../../../shared/i18n/i18n.ts';
import { minuteText } from '../../../../shared/i18n/times.ts';

/** What things are called by their id or code; undefined for what is gone, or is not the reader's to know. */
export interface Names {
  estate: (id: string) => string | undefined;
  staff: (id: string) => string | undefined;
  queue: (id: string) => string | undefined;
  skill: (code: string) => string | undefined;
}

export interface Saying {
  t: Translate;
  language: Language;
  names: Names;
}

export type Changes = Readonly<Record<string, { from: unknown; to: unknown }>>;

/** A value as it is said; undefined where only its field can be named. */
type Value = (saying: Saying, value: unknown) => string | undefined;

/** What an audit entry may say of each field, in the order in which it is said. */
const values: Readonly<Record<string, Value>> = {
  state: either('orderState', 'changeState'),
  kind: either('kind'),
  category: either('category'),
  severity: either('severity'),
  displayName: written,
  name: localised,
  title: written,
  titleEn: written,
  role: either('staffRole'),
  isDisabled: yesNo('change.off', 'change.on'),
  isActive: yesNo('change.on', 'change.off'),
  siteIds: (saying, value) =>
    isList(value) && value.length > 0
      ? listed(saying, value, (id) => saying.names.estate(String(id)))
      : saying.t('change.allEstates'),
  estateId: orNone('change.allEstates', (saying, id) => saying.names.estate(id)),
  topic: either('topic', 'articleTopic'),
  queueId: orNone('change.usualQueue', (saying, id) => saying.names.queue(id)),
  language: either('language'),
  greeting: localised,
  workday: ranges,
  restday: ranges,
  strategy: either('strategy'),
  overflow: ({ t, names }, value) =>
    typeof value === 'string'
      ? textAt(t, `overflow.${value}`)
      : (names.queue((value as { queueId: string }).queueId) ?? t('target.gone')),
  skills: (saying, value) =>
    isList(value) ? skillTexts(saying, value as { skill: string; minLevel: number }[]) : undefined,
  skillLevels: (saying, value) =>
    skillTexts(
      saying,
      Object.entries(value ?? {}).map(([skill, level]) => ({ skill, minLevel: Number(level) })),
    ),
  priority: counted,
  ageingPerMinute: counted,
  offerSec: counted,
  wrapUpSec: counted,
  maxWaitSec: counted,
  maxLength: counted,
  announceEverySec: counted,
  serviceLevelSec: counted,
  serviceLevelTarget: counted,
  asksForMark: yesNo('change.yes', 'change.no'),
  version: counted,
  verifiedHow: orNone('change.unverified', ({ t }, how) => textAt(t, `verified.${how}`)),
  validTo: orNone('change.open', (_saying, day) => day),
  isWanted: yesNo('detail.wanted', 'detail.notWanted'),
  channels: (saying, value) =>
    isList(value) && value.length > 0
      ? listed(saying, value, (one) => textAt(saying.t, `channel.${String(one)}`))
      : saying.t('change.none'),
};

/** Of longer values is said that they changed, and no more. */
const longest = 60;

/** Each change in a sentence of its own; fields that no reader knows stay unsaid. */
export function changeTexts(saying: Saying, changes: Changes): string[] {
  const { hours, staffIds, ...others } = changes;
  const all: Changes = { ...others, ...(hours === undefined ? {} : byDay(hours)) };
  const said = Object.entries(values).flatMap(([field, value]) => {
    const change = all[field];
    return change === undefined ? [] : [oneText(saying, field, value, change)];
  });
  return staffIds === undefined ? said : [...said, ...memberTexts(saying, staffIds)];
}

function oneText(
  saying: Saying,
  field: string,
  value: Value,
  { from, to }: { from: unknown; to: unknown },
): string {
  const { t } = saying;
  const name = textAt(t, `changeOf.${field}`) ?? textAt(t, `queue.${field}`) ?? '';
  const is = value(saying, to);
  const was = value(saying, from);
  if (is === undefined || Math.max(is.length, was?.length ?? 0) > longest) {
    return t('change.changed', { name });
  }
  return was === undefined ? t('change.set', { name, is }) : t('change.line', { name, was, is });
}

/** Opening hours of working days and of days off, each for itself. */
function byDay({ from, to }: { from: unknown; to: unknown }): Changes {
  const of = (hours: unknown, day: string) =>
    (hours as Readonly<Record<string, unknown>> | null)?.[day] ?? null;
  return Object.fromEntries(
    ['workday', 'restday'].flatMap((day) => {
      const change = { from: of(from, day), to: of(to, day) };
      const isSame = JSON.stringify(change.from) === JSON.stringify(change.to);
      return isSame ? [] : [[day, change]];
    }),
  );
}

/** Who came, who went; of the same people that their order is another. */
function memberTexts(saying: Saying, { from, to }: { from: unknown; to: unknown }): string[] {
  const { t, names } = saying;
  const [were, are] = [from, to].map((list) => (isList(list) ? list.map(String) : []));
  const come = (are ?? []).filter((id) => were?.includes(id) !== true);
  const gone = (were ?? []).filter((id) => are?.includes(id) !== true);
  const say = (key: 'change.joined' | 'change.left', ids: readonly string[]) =>
    ids.length === 0
      ? []
      : [t(key, { names: listed(saying, ids, (id) => names.staff(String(id))) })];
  const all = [...say('change.joined', come), ...say('change.left', gone)];
  return all.length === 0 ? [t('change.reordered')] : all;
}

function skillTexts(saying: Saying, skills: readonly { skill: string; minLevel: number }[]) {
  const { t, names } = saying;
  if (skills.length === 0) return t('change.none');
  return listed(saying, skills, (one) => {
    const { skill, minLevel } = one as { skill: string; minLevel: number };
    const name = names.skill(skill);
    return name === undefined ? undefined : t('change.skill', { name, level: minLevel });
  });
}

function listed(
  { t }: Saying,
  all: readonly unknown[],
  name: (one: unknown) => string | undefined,
): string {
  return all.map((one) => name(one) ?? t('target.gone')).join(t('change.comma'));
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The first of these lists of words that has the code. */
function either(...prefixes: readonly string[]): Value {
  return ({ t }, value) =>
    prefixes
      .map((prefix) => textAt(t, `${prefix}.${String(value)}`))
      .find((text) => text !== undefined);
}

function orNone(
  none: 'change.allEstates' | 'change.usualQueue' | 'change.unverified' | 'change.open',
  say: (saying: Saying, value: string) => string | undefined,
): Value {
  return (saying, value) =>
    typeof value === 'string' ? (say(saying, value) ?? saying.t('target.gone')) : saying.t(none);
}

function yesNo(yes: Parameters<Translate>[0], no: Parameters<Translate>[0]): Value {
  return ({ t }, value) => (typeof value === 'boolean' ? t(value ? yes : no) : undefined);
}

function written(_saying: Saying, value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function localised({ language }: Saying, value: unknown): string | undefined {
  return (value as Partial<Record<Language, string>> | null)?.[language];
}

function counted({ t }: Saying, value: unknown): string | undefined {
  if (value === null) return t('change.none');
  return typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;
}

function ranges({ t }: Saying, value: unknown): string | undefined {
  if (!isList(value)) return undefined;
  if (value.length === 0) return t('hours.closed');
  return (value as { fromMinute: number; toMinute: number }[])
    .map(({ fromMinute, toMinute }) => `${minuteText(fromMinute)}–${minuteText(toMinute)}`)
    .join(t('change.comma'));
}
