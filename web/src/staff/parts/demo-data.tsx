import { demoIdMark, demoIdMarkAt } from '../../../../src/contract/codes.ts';
import { useDemoHistory } from '../../api/outside-calls.ts';
import { useText } from '../../shared/i18n/language.tsx';
import { Tag } from '../../shared/parts/pieces.tsx';

/** In the head of a list or a report: part of it is made up, and how to be rid of it. */
export function DemoData() {
  const t = useText();
  const days = useDemoHistory();
  if (days == null) return null;
  return (
    <Tag tone="off" title={t('demo.dataHelp', days)}>
      {t('demo.data')}
    </Tag>
  );
}

/** Rows of the demo have ids of their own kind; see `src/demo/demo-ids.ts`. */
export function DemoRow({ id }: { id: string }) {
  const t = useText();
  if (!id.startsWith(demoIdMark, demoIdMarkAt)) return null;
  return <Tag tone="off">{t('demo.data')}</Tag>;
}
