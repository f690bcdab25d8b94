import { useText } from '../../shared/i18n/language.tsx';
import { phoneText } from '../../shared/i18n/times.ts';
import { WarningIcon } from '../../shared/parts/icons.tsx';
import { Tag } from '../../shared/parts/pieces.tsx';

/** A number that can be rung, where there is a telephone to ring it with. */
export function PhoneNumber({
  number,
  onDial,
}: {
  number: string;
  onDial?: ((number: string) => void) | undefined;
}) {
  const t = useText();
  const isMasked = number.includes('*');
  if (onDial === undefined || isMasked || number === '') {
    return <span className="figures nowrap">{number === '' ? '—' : phoneText(number)}</span>;
  }
  return (
    <button
      type="button"
      className="link figures nowrap"
      title={t('phone.dialThis')}
      onClick={() => onDial(number)}
    >
      {phoneText(number)}
    </button>
  );
}

/** One below the other. */
export function PhoneNumbers({
  numbers,
  onDial,
}: {
  numbers: readonly string[];
  onDial?: ((number: string) => void) | undefined;
}) {
  return numbers.map((number) => (
    <div key={number}>
      <PhoneNumber number={number} onDial={onDial} />
    </div>
  ));
}

/** Behind a number that a stranger claims and no carrier vouches for. */
export function Unverified() {
  const t = useText();
  return (
    <Tag tone="pause" icon={<WarningIcon />} title={t('phone.unverifiedHelp')}>
      {t('phone.unverified')}
    </Tag>
  );
}
