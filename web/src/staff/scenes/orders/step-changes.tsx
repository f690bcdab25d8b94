import type { WorkOrderStep } from '../../../api/types.ts';
import { textAt } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';

const fields = ['kind', 'category', 'severity', 'summary'] as const;
const words = { kind: 'kind', category: 'category', severity: 'severity', summary: '' } as const;

/** What an edit made of what. */
export function StepChanges({ changes }: Pick<WorkOrderStep, 'changes'>) {
  const t = useText();
  const said = (field: (typeof fields)[number], value: string) =>
    value === '' ? '—' : (textAt(t, `${words[field]}.${value}`) ?? value);
  return fields.map((field) => {
    const change = changes[field];
    if (change === undefined) return null;
    return (
      <p key={field} className="step-change">
        <span className="quiet">{t(`order.${field}`)}</span> {said(field, change.from)} →{' '}
        {said(field, change.to)}
      </p>
    );
  });
}
