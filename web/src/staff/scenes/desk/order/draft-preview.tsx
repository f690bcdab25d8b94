import type { OrderDraft } from '../../../../../../src/contract/agents/agents.ts';
import type { Pop } from '../../../../../../src/contract/agents/pop.ts';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { SeverityTag } from '../../../parts/order-tags.tsx';
import { filledDraft, isUntouched } from './draft.ts';

/** Before answering: what it is probably about, and what a colleague has already written. */
export function DraftPreview({
  pop,
  draft,
  note,
}: {
  pop: Pop;
  draft: OrderDraft;
  /** What to do meanwhile. */
  note?: string;
}) {
  const t = useText();
  const filled = filledDraft(pop, draft);
  const isNew = isUntouched(draft);
  return (
    <section className="card preview" aria-label={t('preview.title')}>
      <h2>{t(isNew ? 'preview.title' : 'preview.fromColleague')}</h2>
      <p>
        {filled.kind === undefined ? (
          <span className="quiet">{t('preview.noReason')}</span>
        ) : (
          <>
            <span className="strong">{textOf(t, 'kind', filled.kind)}</span>{' '}
            {filled.category !== undefined && filled.category !== 'other' && (
              <span className="quiet">{textOf(t, 'category', filled.category)}</span>
            )}
          </>
        )}{' '}
        <SeverityTag severity={filled.severity ?? 'minor'} />
      </p>
      {!isNew && <p className="order-summary">{draft.summary}</p>}
      {(draft.notes ?? '') !== '' && (
        <>
          <h3>{t('order.notes')}</h3>
          <p className="order-summary">{draft.notes}</p>
        </>
      )}
      <p className="quiet">{note ?? t('offer.readFirst')}</p>
    </section>
  );
}
