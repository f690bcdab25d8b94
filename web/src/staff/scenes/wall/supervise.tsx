import { CustomerServiceOutlined, StopOutlined } from '@ant-design/icons';
import { api } from '../../../api/client.ts';
import { Button } from '../../../shared/parts/button.tsx';
import { Menu } from '../../../shared/parts/menu.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { useLive } from '../../../shared/realtime/use-live.ts';
import { useStaff } from '../../../shared/session/session.tsx';
import { useIsSeated, usePhone } from '../../softphone/use-phone.tsx';

const modes = ['listen', 'whisper', 'barge', 'take_over'] as const;

/** Listen, whisper, barge in, take over; our own telephone rings and picks up by itself. */
export function Supervise({ callId, agentName }: { callId: string; agentName: string }) {
  const t = useText();
  const me = useStaff();
  const { expectCall, expectNothing } = usePhone();
  const isSeated = useIsSeated();
  const { act } = useAct();
  const supervisors = useLive((state) => state.calls.get(callId)?.supervisors);
  const isListening = supervisors?.includes(me.id) ?? false;
  const go = (mode: (typeof modes)[number]) => {
    // Who listens already has the line; only taking over rings again.
    if (!isListening || mode === 'take_over') expectCall();
    void act(
      () => api.put('/calls/:id/supervision', { params: { id: callId }, body: { mode } }),
      t(`supervise.did.${mode}`),
    ).then((worked) => {
      if (!worked) expectNothing();
    });
  };
  const stop = () =>
    void act(() => api.delete('/calls/:id/supervision', { params: { id: callId } }));
  if (!isSeated) {
    return (
      <span className="small" title={t('supervise.needsSeat')}>
        {t('supervise.needsSeatShort')}
      </span>
    );
  }
  return (
    <span className="row">
      <Menu
        items={modes.map((mode) => ({
          key: mode,
          label: t(`supervise.${mode}`),
          onPick: () => go(mode),
        }))}
        trigger={
          <Button
            icon={<CustomerServiceOutlined />}
            aria-label={t('supervise.title', { name: agentName })}
          >
            {t('supervise.short')}
          </Button>
        }
      />
      {isListening && (
        <Button icon={<StopOutlined />} onClick={stop}>
          {t('supervise.stop')}
        </Button>
      )}
    </span>
  );
}
