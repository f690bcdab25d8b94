import { CheckOutlined } from '@ant-design/icons';
import { Button, DatePicker, Input } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { WrapUpView } from '../../../../src/api/contract/agents.ts';
import { useWrapUpReasons } from '../../api/codes.ts';
import { Key, QueryView } from '../../components/pieces.tsx';
import { Elapsed, Remaining } from '../../components/times.tsx';
import { useAct } from '../../components/use-act.ts';
import { useKeys } from '../../components/use-keys.ts';
import { useName, useText } from '../../i18n/language.tsx';
import { deskActions } from './desk-actions.ts';

/** After the call: what it was about, in one key; a note and the next contact when needed. */
export function WrapUp({ wrapUp }: { wrapUp: WrapUpView }) {
  const t = useText();
  const name = useName();
  const reasons = useWrapUpReasons();
  const { act, isBusy } = useAct();
  const [code, setCode] = useState<string>();
  const [note, setNote] = useState('');
  const [next, setNext] = useState<Dayjs | null>(null);
  const active = (reasons.data ?? []).filter((one) => one.isActive);
  const finish = (reasonCode: string | undefined) => {
    if (reasonCode === undefined) return;
    void act(() =>
      deskActions.wrapUp(wrapUp.callId, {
        reasonCode,
        ...(note.trim() === '' ? {} : { note: note.trim() }),
        ...(next === null ? {} : { nextContactAt: next.toISOString() }),
      }),
    );
  };
  const numbered = active.slice(0, 9).map((one, at) => [`Alt+${at + 1}`, () => setCode(one.code)]);
  useKeys({
    ...(Object.fromEntries(numbered) as Record<string, () => void>),
    F10: () => finish(code),
  });
  return (
    <section className="card wrap-up tone-edge-after" aria-label={t('wrapUp.title')}>
      <header className="card-head">
        <h2>{t('wrapUp.title')}</h2>
        <span>
          <Elapsed since={wrapUp.since} />
          {wrapUp.endsAt !== null && (
            <span className="quiet">
              {' '}
              · {t('wrapUp.endsIn')} <Remaining until={wrapUp.endsAt} /> {t('unit.seconds')}
            </span>
          )}
        </span>
      </header>
      <QueryView query={reasons} rows={2}>
        {() => (
          <div className="kind-row" role="radiogroup" aria-label={t('wrapUp.reason')}>
            {active.map((one, at) => (
              <button
                key={one.code}
                type="button"
                role="radio"
                aria-checked={code === one.code}
                className={`chip${code === one.code ? ' chosen' : ''}`}
                onClick={() => setCode(one.code)}
              >
                {name(one.name)} {at < 9 && <Key>{`Alt+${at + 1}`}</Key>}
              </button>
            ))}
          </div>
        )}
      </QueryView>
      <div className="form-row">
        <Input.TextArea
          className="grow"
          value={note}
          onChange={(event) => setNote(event.target.value)}
          placeholder={t('wrapUp.note')}
          aria-label={t('wrapUp.note')}
          autoSize={{ minRows: 1, maxRows: 4 }}
          maxLength={4000}
        />
        <DatePicker
          aria-label={t('wrapUp.nextContact')}
          showTime={{ format: 'HH:mm', minuteStep: 15 }}
          format="MM-DD HH:mm"
          value={next}
          onChange={(value: Dayjs | null) => setNext(value)}
          placeholder={t('wrapUp.nextContact')}
        />
      </div>
      <Button
        type="primary"
        icon={<CheckOutlined />}
        onClick={() => finish(code)}
        disabled={code === undefined}
        loading={isBusy}
      >
        {t('wrapUp.finish')} <Key>F10</Key>
      </Button>
    </section>
  );
}
