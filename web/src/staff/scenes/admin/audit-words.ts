import type { ItemOf } from '../../../api/routes.ts';
/** What the audit says of an act, in the reader's words: never a code, an id or a key of ours. Pure. */
import { textAt, type Language, type Translate } from '../../../shared/i18n/i18n.ts';
import { money, phoneText } from '../../../shared/i18n/times.ts';
import { changeTexts, type Changes, type Saying } from './changes/changes.ts';

export type AuditRow = ItemOf<'/audit'>;

export function actText(t: Translate, act: string): string {
  return textAt(t, `act.${act}`) ?? t('act.other');
}

/** What it was done to, and the page of it where there is one. */
export function targetOf(
  t: Translate,
  language: Language,
  { target, subject, details }: AuditRow,
): { text: string; to: string | null } {
  if (target === null) {
    const { name } = details as { name?: Partial<Record<Language, string>> };
    const left = typeof name === 'object' ? name[language] : undefined;
    return { text: left ?? t(subject === 'unknown' ? 'target.unknown' : 'target.gone'), to: null };
  }
  const name = nameOf(t, language, target);
  const text = textAt(t, `target.${target.kind}`, { name });
  return { text: text ?? name, to: pageOf(target) };
}

type Target = NonNullable<AuditRow['target']>;

function nameOf(t: Translate, language: Language, { kind, name, nameEn }: Target): string {
  if (kind === 'alarm') return known(t, 'alarm', name) ?? '';
  if (['call', 'recording', 'fax', 'doNotCall'].includes(kind)) return phoneText(name);
  return language === 'en' ? (nameEn ?? name) : name;
}

function pageOf({ kind, pageId }: Target): string | null {
  const fixed = pages[kind];
  if (fixed !== undefined) return fixed;
  const under = pagesOfIds[kind];
  return under === undefined || pageId === null ? null : `${under}/${pageId}`;
}

const pages: Readonly<Record<string, string>> = {
  staff: '/admin/staff',
  queue: '/admin/queues',
  skill: '/admin/skills',
  breakReason: '/admin/reasons',
  wrapUpReason: '/admin/reasons',
  hotline: '/admin/hours',
  article: '/articles',
  flow: '/flows',
  doNotCall: '/do-not-call',
  doNotCallList: '/do-not-call',
};

const pagesOfIds: Readonly<Record<string, string>> = {
  person: '/people',
  call: '/calls',
  recording: '/calls',
  alarm: '/calls',
  order: '/orders',
  campaign: '/campaigns',
  contact: '/campaigns',
};

type Say = (t: Translate, value: unknown) => string | undefined;

/** Each detail that people read, in the order in which it is said; all others stay unsaid. */
const sayings: Readonly<Record<string, Say>> = {
  username: text,
  displayName: text,
  role: coded('staffRole'),
  password: () => undefined,
  isDisabled: yesNo('detail.disabled', 'detail.enabled'),
  isActive: yesNo('detail.switchedOn', 'detail.switchedOff'),
  isUnlocked: flag('detail.unlocked'),
  isSecondFactorRemoved: flag('detail.factorRemoved'),
  siteIds: counted('detail.sites'),
  staffIds: counted('detail.people'),
  presence: coded('detailPresence'),
  to: coded('orderState'),
  kind: coded('kind'),
  topic: (t, value) => coded('topic')(t, value) ?? coded('articleTopic')(t, value),
  isWanted: yesNo('detail.wanted', 'detail.notWanted'),
  verifiedHow: (t, value) => (value === null ? t('verified.none') : coded('verified')(t, value)),
  scope: coded('dncScope'),
  number: (_t, value) => (typeof value === 'string' ? phoneText(value) : undefined),
  reason: text,
  added: numbered('detail.added'),
  known: numbered('detail.known'),
  faults: numbered('detail.faults'),
  version: numbered('detail.version'),
  amountFen: (_t, value) => (typeof value === 'number' ? money(value) : undefined),
  locks: numbered('detail.locks'),
  address: (t, value) =>
    typeof value === 'string' && value !== '' && !value.includes(' ')
      ? t('detail.address', { value })
      : undefined,
};

/** What changed, from what to what, and what else is told of it. */
export function detailTexts(saying: Saying, { details }: Pick<AuditRow, 'details'>): string[] {
  const { t } = saying;
  const changes = changesIn(details);
  const others = Object.entries(sayings).flatMap(([field, say]) => {
    if (!Object.hasOwn(details, field) || Object.hasOwn(changes, field)) return [];
    // Where it came from has been told with it.
    if (field === 'to' && changes['state'] !== undefined) return [];
    const said = say(t, details[field]);
    return said === undefined || said === '' ? [] : [said];
  });
  return [...changeTexts(saying, changes), ...others, ...fieldTexts(t, details['fields'], changes)];
}

/** Entries of a move have the two states by themselves. */
function changesIn({ changes, from, to }: AuditRow['details']): Changes {
  const isMove = typeof from === 'string' && typeof to === 'string';
  return { ...(changes as Changes | undefined), ...(isMove ? { state: { from, to } } : {}) };
}

/** Of what is too long, or not to be kept, only that it changed. */
function fieldTexts(t: Translate, fields: unknown, changes: Changes): string[] {
  if (!Array.isArray(fields)) return [];
  return fields.map(String).flatMap((field) => {
    const name = Object.hasOwn(changes, field) ? undefined : known(t, 'changeOf', field);
    return name === undefined ? [] : [t('change.changed', { name })];
  });
}

function known(t: Translate, prefix: string, code: string): string | undefined {
  return textAt(t, `${prefix}.${code}`);
}

function coded(prefix: string): Say {
  return (t, value) => (typeof value === 'string' ? known(t, prefix, value) : undefined);
}

/** What somebody wrote. */
function text(_t: Translate, value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function yesNo(yes: Parameters<Translate>[0], no: Parameters<Translate>[0]): Say {
  return (t, value) => (typeof value === 'boolean' ? t(value ? yes : no) : undefined);
}

function flag(yes: Parameters<Translate>[0]): Say {
  return (t, value) => (value === true ? t(yes) : undefined);
}

function numbered(key: Parameters<Translate>[0]): Say {
  return (t, value) => (typeof value === 'number' ? t(key, { count: value }) : undefined);
}

function counted(key: Parameters<Translate>[0]): Say {
  return (t, value) => (Array.isArray(value) ? t(key, { count: value.length }) : undefined);
}
