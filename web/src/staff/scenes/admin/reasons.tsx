import { useText } from '../../../shared/i18n/language.tsx';
import { CodesTable } from './codes-table.tsx';

export function ReasonsPage() {
  const t = useText();
  return (
    <div className="two-columns even">
      <CodesTable path="/break-reasons" cacheName="break-reasons" title={t('admin.breakReasons')} />
      <CodesTable
        path="/wrap-up-reasons"
        cacheName="wrap-up-reasons"
        title={t('admin.wrapUpReasons')}
      />
    </div>
  );
}
