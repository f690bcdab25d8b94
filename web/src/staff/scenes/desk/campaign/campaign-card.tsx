import type {
  AgentCard,
  AgentSheet,
} from '../../../../../../src/contract/campaigns/agent-sheet.ts';
import { Money } from '../../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../../parts/phone-number.tsx';
import { useName, useText } from '../../../../shared/i18n/language.tsx';

/** Whom a campaign calls, and why. */
export function ContactFacts({ card }: { card: AgentCard }) {
  const t = useText();
  const more = Object.entries(card.vars).filter(
    (one): one is [string, string | number] =>
      typeof one[1] === 'string' || typeof one[1] === 'number',
  );
  return (
    <div className="campaign-contact">
      <div className="caller-name">{card.name === '' ? t('work.noName') : card.name}</div>
      <dl className="figures-row">
        <Fact name={t('work.campaign')}>{card.campaignName}</Fact>
        {card.roomLabel !== null && <Fact name={t('work.home')}>{card.roomLabel}</Fact>}
        <Fact name={t('work.number')}>
          <PhoneNumber number={card.number} />
        </Fact>
        {card.owedFen !== null && card.owedFen > 0 && (
          <Fact name={t('work.owed')}>
            <Money fen={card.owedFen} isOwed />
          </Fact>
        )}
        <Fact name={t('work.attempts')}>
          <span className="figures">{card.attempts}</span>
        </Fact>
        {more.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What to say, in the words of whoever made the campaign. */
export function Script({ sheet }: { sheet: AgentSheet }) {
  const t = useText();
  const name = useName();
  return (
    <blockquote className="campaign-script" aria-label={t('work.script')}>
      {name(sheet.script)}
    </blockquote>
  );
}
