import { useText } from '../../../../shared/i18n/language.tsx';
import { Tag } from '../../../../shared/parts/pieces.tsx';
import type { Preview } from '../campaign.types.ts';

/** What is written to those who are not reached, as long as it is billed. */
export function PreviewTexts({ texts }: { texts: Preview['texts'] }) {
  const t = useText();
  if (texts.length === 0) return null;
  const hasDebt = texts.some((one) => one.isDebtNamed);
  return (
    <>
      <h3>
        {t('messages.texts')} <Tag tone="pause">{t('messages.sample')}</Tag>
      </h3>
      <p className="quiet small">{t('messages.sampleHelp')}</p>
      <ul className="plain rows tall">
        {texts.map((one) => (
          <li key={`${one.channel} ${one.language} ${String(one.isDebtNamed)}`}>
            <div className="grow">
              <div className="quiet">
                {t(`channel.${one.channel}`)} · {t(`language.${one.language}`)}
                {hasDebt &&
                  ` · ${one.isDebtNamed ? t('messages.ifVerified') : t('messages.ifNotVerified')}`}
                {' · '}
                {one.parts === null
                  ? t('messages.units', { units: one.units })
                  : t('messages.parts', { units: one.units, parts: one.parts })}
              </div>
              {one.subject !== null && <div className="strong">{one.subject}</div>}
              <div className="message-body" lang={one.language}>
                {one.body}
              </div>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
