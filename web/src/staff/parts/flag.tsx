import { CrownOutlined, WarningOutlined } from '@ant-design/icons';
import { Tag } from '../../shared/parts/pieces.tsx';
import { textOf } from '../../shared/i18n/i18n.ts';
import { useText } from '../../shared/i18n/language.tsx';

/** A risk or care flag: to be seen before the first word. */
export function Flag({ flag }: { flag: string }) {
  const t = useText();
  return (
    <Tag tone="alarm" icon={<WarningOutlined />}>
      {textOf(t, 'flag', flag)}
    </Tag>
  );
}

export function Vip() {
  const t = useText();
  return (
    <Tag tone="vip" icon={<CrownOutlined />}>
      {t('person.vip')}
    </Tag>
  );
}
