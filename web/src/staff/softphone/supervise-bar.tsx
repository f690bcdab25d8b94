import { EyeOutlined, PhoneFilled, SoundOutlined, TeamOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { DeskView } from '../../../../src/contract/agents/agents.ts';
import { api } from '../../api/client.ts';
import { Key, Tag } from '../../shared/parts/pieces.tsx';
import { Elapsed } from '../../shared/parts/times.tsx';
import type { Act } from '../../shared/parts/use-act.ts';
import { useKeys } from '../../shared/browser/use-keys.ts';
import { useText } from '../../shared/i18n/language.tsx';
import { listeningModes } from '../../../../src/contract/codes.ts';
import { usePhone } from './use-phone.tsx';

const icons = { listen: <EyeOutlined />, whisper: <SoundOutlined />, barge: <TeamOutlined /> };
/** Whoever is heard knows it all the time. */
const tones = { listen: 'after', whisper: 'pause', barge: 'alarm' } as const;

/** A supervisor in somebody's conversation: who hears them, on every page, and the way to another mode or out. */
export function SuperviseBar({
  supervising,
  act,
}: {
  supervising: NonNullable<DeskView['supervising']>;
  act: Act;
}) {
  const t = useText();
  const { state, expectCall, expectNothing } = usePhone();
  const { callId, mode, agentName } = supervising;
  const params = { id: callId };
  const stop = () => void act(() => api.delete('/calls/:id/supervision', { params }));
  const takeOver = () => {
    expectCall();
    void act(() => api.put('/calls/:id/supervision', { params, body: { mode: 'take_over' } })).then(
      (worked) => {
        if (!worked) expectNothing();
      },
    );
  };
  useKeys({ F4: stop });
  return (
    <div className="bar-middle">
      <div className="bar-call">
        <Tag tone={tones[mode]} icon={icons[mode]}>
          {t(`supervising.${mode}`, { name: agentName })}
        </Tag>
        {state.call !== undefined && <Elapsed since={state.call.sinceMs} />}
      </div>
      <div className="row wrap">
        {listeningModes.map((one) => (
          <Button
            key={one}
            icon={icons[one]}
            aria-pressed={one === mode}
            {...(one === mode ? { className: 'is-on' } : {})}
            onClick={() =>
              void act(() => api.put('/calls/:id/supervision', { params, body: { mode: one } }))
            }
          >
            {t(`supervising.to.${one}`)}
          </Button>
        ))}
        <Button onClick={takeOver}>{t('supervising.to.take_over')}</Button>
        <Button danger icon={<PhoneFilled rotate={225} />} onClick={stop}>
          {t('supervise.stop')} <Key>F4</Key>
        </Button>
      </div>
    </div>
  );
}
