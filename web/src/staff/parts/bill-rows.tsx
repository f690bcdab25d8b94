import type { Bill } from '../../api/types.ts';
import { textOf } from '../../shared/i18n/i18n.ts';
import { useText } from '../../shared/i18n/language.tsx';
import { Money } from '../../shared/parts/pieces.tsx';

/** Bills of a home: what is still owed, or what was paid. */
export function BillRows({ bills }: { bills: readonly Bill[] }) {
  const t = useText();
  return (
    <ul className="plain rows">
      {bills.map((bill) => (
        <li key={bill.id}>
          <span className="figures">{bill.period}</span>
          <span>{textOf(t, 'bill', bill.kind)}</span>
          {bill.paidFen >= bill.amountFen ? (
            <span className="quiet">
              <Money fen={bill.amountFen} /> {t('bills.paid')}
            </span>
          ) : (
            <Money fen={bill.amountFen - bill.paidFen} isOwed />
          )}
        </li>
      ))}
    </ul>
  );
}
