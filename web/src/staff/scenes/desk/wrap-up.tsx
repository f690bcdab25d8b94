import { CheckOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { WrapUpView } from '../../../../../src/contract/agents/agents.ts';
import { useWrapUpReasons } from '../../../api/codes.ts';
import { Key, QueryView } from '../../../shared/parts/pieces.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useKeys } from '../../../shared/browser/use-keys.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { Choice, choiceKeys, NoteAndDate, WrapUpTimes } from './after-call.tsx';
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
  const choices = active.map((one) => ({ code: one.code, name: name(one.name) }));
  useKeys({ ...choiceKeys(choices, setCode), F10: () => finish(code) });
  return (
    <section className="card wrap-up tone-edge-after" aria-label={t('wrapUp.title')}>
      <header className="card-head">
        <h2>{t('wrapUp.title')}</h2>
        <WrapUpTimes wrapUp={wrapUp} />
      </header>
      <QueryView query={reasons} rows={2}>
        {() => (
          <Choice label={t('wrapUp.reason')} options={choices} chosen={code} onChoose={setCode} />
        )}
      </QueryView>
      <NoteAndDate
        note={note}
        maxLength={4000}
        onNote={setNote}
        dateLabel={t('wrapUp.nextContact')}
        date={next}
        onDate={setNext}
      />
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
