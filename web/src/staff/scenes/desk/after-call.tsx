/** What is written down after a call, with an agent's hand or key. */
import { Input } from 'antd';
import type { Dayjs } from 'dayjs';
import { lazy, Suspense } from 'react';
import type { WrapUpView } from '../../../../../src/contract/agents/agents.ts';
import { Key } from '../../../shared/parts/pieces.tsx';
import { Elapsed, Remaining } from '../../../shared/parts/times.tsx';
import { useText } from '../../../shared/i18n/language.tsx';

/** The calendar is large, and only the end of a call asks for it. */
const DateTime = lazy(() => import('../../parts/date-time.tsx'));

/** How long the wrap-up has taken, and how much of it is left. */
export function WrapUpTimes({ wrapUp }: { wrapUp: WrapUpView }) {
  const t = useText();
  return (
    <span>
      <Elapsed since={wrapUp.since} />
      {wrapUp.endsAt !== null && (
        <span className="quiet">
          {' '}
          · {t('wrapUp.endsIn')} <Remaining until={wrapUp.endsAt} /> {t('unit.seconds')}
        </span>
      )}
    </span>
  );
}

/** One of a few, by its number (Alt+1 to Alt+9) or a click. */
export function Choice({
  label,
  options,
  chosen,
  onChoose,
}: {
  label: string;
  options: readonly { code: string; name: string }[];
  chosen: string | undefined;
  onChoose: (code: string) => void;
}) {
  return (
    <div className="kind-row" role="radiogroup" aria-label={label}>
      {options.map(({ code, name }, at) => (
        <button
          key={code}
          type="button"
          role="radio"
          aria-checked={chosen === code}
          className={`chip${chosen === code ? ' chosen' : ''}`}
          onClick={() => onChoose(code)}
        >
          {name} {at < 9 && <Key>{`Alt+${at + 1}`}</Key>}
        </button>
      ))}
    </div>
  );
}

/** The keys that choose those options. */
export function choiceKeys(
  options: readonly { code: string }[],
  onChoose: (code: string) => void,
): Record<string, () => void> {
  const keys = options
    .slice(0, 9)
    .map(({ code }, at) => [`Alt+${at + 1}`, () => onChoose(code)] as const);
  return Object.fromEntries(keys);
}

/** A note, and when to speak with that person again. */
export function NoteAndDate({
  note,
  maxLength,
  onNote,
  dateLabel,
  date,
  onDate,
}: {
  note: string;
  maxLength: number;
  onNote: (note: string) => void;
  dateLabel: string;
  date: Dayjs | null;
  onDate: (date: Dayjs | null) => void;
}) {
  const t = useText();
  return (
    <div className="form-row">
      <Input.TextArea
        className="grow"
        value={note}
        onChange={(event) => onNote(event.target.value)}
        placeholder={t('wrapUp.note')}
        aria-label={t('wrapUp.note')}
        autoSize={{ minRows: 1, maxRows: 4 }}
        maxLength={maxLength}
      />
      <Suspense
        fallback={
          <Input
            className="date-time"
            disabled
            aria-busy
            aria-label={dateLabel}
            placeholder={dateLabel}
          />
        }
      >
        <DateTime label={dateLabel} value={date} onChange={onDate} />
      </Suspense>
    </div>
  );
}
