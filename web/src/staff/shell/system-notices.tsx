import { CalendarOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { useText } from '../../shared/i18n/language.tsx';
import { useMay } from '../../shared/session/session.tsx';

const everyMs = 6 * 3600_000;

/** What an administrator has to mend before it matters. Others are not bothered with it. */
export function SystemNoticeBanner() {
  const t = useText();
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['system-notices'],
    queryFn: () => api.get('/system-notices'),
    enabled: may('system.read'),
    refetchInterval: everyMs,
    retry: false,
  });
  return (data?.items ?? []).map(({ kind, year }) => (
    <div key={`${kind} ${year}`} className="card pad" role="status">
      <CalendarOutlined /> <strong>{t('notice.holidays', { year })}</strong>{' '}
      <span className="quiet">{t('notice.holidaysHelp')}</span>
    </div>
  ));
}
