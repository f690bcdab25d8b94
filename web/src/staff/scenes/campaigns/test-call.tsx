import { PhoneOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Popover, Space } from 'antd';
import { useEffect, useState } from 'react';
import { api } from '../../../api/client.ts';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useLanguage, useText } from '../../../shared/i18n/language.tsx';

/** Rings the author, so that the script is heard as the owners will hear it; tells why it was not. */
export function TestCall({ id, onHeard }: { id: string; onHeard: () => void }) {
  const t = useText();
  const { language } = useLanguage();
  const { act, isBusy } = useAct();
  const [number, setNumber] = useState('');
  const [callId, setCallId] = useState<string>();
  const ring = () =>
    void act(async () => {
      setCallId(undefined);
      const made = await api.post('/campaigns/:id/test-call', {
        params: { id },
        body: {
          ...{ number, language },
        },
      });
      setCallId(made.callId);
    });
  return (
    <Popover
      trigger="click"
      title={t('campaign.testNumber')}
      content={
        <>
          <Space.Compact>
            <Input
              inputMode="tel"
              aria-label={t('campaign.testNumber')}
              value={number}
              onChange={(event) => setNumber(event.target.value.replaceAll(/\D/g, ''))}
              onPressEnter={ring}
            />
            <Button type="primary" disabled={number.length < 3} loading={isBusy} onClick={ring}>
              {t('campaign.testCall')}
            </Button>
          </Space.Compact>
          {callId !== undefined && <TestState id={id} callId={callId} onHeard={onHeard} />}
        </>
      }
    >
      <Button icon={<PhoneOutlined />}>{t('campaign.testCall')}</Button>
    </Popover>
  );
}

function TestState(props: { id: string; callId: string; onHeard: () => void }) {
  const { id, callId, onHeard } = props;
  const t = useText();
  const { data } = useQuery({
    queryKey: ['campaign-test', callId],
    queryFn: () => api.get('/campaigns/:id/test-calls/:callId', { params: { id, callId } }),
    refetchInterval: ({ state }) => (state.data?.state === 'ended' ? false : 1000),
  });
  const result = data?.result ?? null;
  useEffect(() => {
    if (result === 'heard') onHeard();
    // Told once a result.
  }, [result]);
  const words =
    result === null
      ? t(`testCall.${data?.state === 'talking' ? 'talking' : 'ringing'}`)
      : t(`testResult.${result}`);
  return (
    <p role="status" className={result === null || result === 'heard' ? 'quiet' : 'owed'}>
      {words}
    </p>
  );
}
