import { CheckOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type {
  AgentCard,
  NewOutcome,
} from '../../../../../../src/contract/campaigns/agent-sheet.ts';
import type { WrapUpView } from '../../../../../../src/contract/agents/agents.ts';
import { orAlready } from '../../../../api/already.ts';
import { api } from '../../../../api/client.ts';
import { Either } from '../../../../shared/parts/either.tsx';
import { Key } from '../../../../shared/parts/pieces.tsx';
import { useAct } from '../../../../shared/parts/use-act.ts';
import { useKeys } from '../../../../shared/browser/use-keys.ts';
import { useName, useText } from '../../../../shared/i18n/language.tsx';
import { Choice, choiceKeys, NoteAndDate, WrapUpTimes } from '../after-call.tsx';
import { ContactFacts, Script } from './campaign-card.tsx';
import { deskActions } from '../desk-actions.ts';

/** The campaign's own wrap-up says what came of it; the general one gets this reason. */
const wrapUpReason = 'other';

/** Undefined while it is not known, null for a call that no campaign made. */
export function useCampaignCard(callId: string): AgentCard | null | undefined {
  const card = useQuery({
    queryKey: ['campaign-card', callId],
    queryFn: () => api.get('/calls/:id/campaign-card', { params: { id: callId } }),
    staleTime: Infinity,
  });
  return card.error === null ? card.data?.card : null;
}

interface SheetProps {
  callId: string;
  card: AgentCard;
  stage: 'offer' | 'call' | 'wrapUp';
  wrapUp: WrapUpView | null;
}

/** Script and form of a campaign while the agent talks, and afterwards what came of it. */
export function CampaignSheet({ callId, card, stage, wrapUp }: SheetProps) {
  const t = useText();
  const name = useName();
  const { act, isBusy } = useAct();
  const [outcome, setOutcome] = useState<Partial<NewOutcome>>(() => ({
    ...(card.outcome === null
      ? {}
      : {
          disposition: card.outcome.disposition,
          answers: card.outcome.answers,
          note: card.outcome.note,
        }),
  }));
  const [again, setAgain] = useState<Dayjs | null>(null);
  const { fields, dispositions } = card.sheet;
  const answers = outcome.answers ?? {};
  const missing = fields.filter((one) => one.isRequired && (answers[one.key] ?? '') === '');
  const canSave = outcome.disposition !== undefined && missing.length === 0;
  const choose = (disposition: string) => setOutcome((before) => ({ ...before, disposition }));
  const write = (key: string, value: string) =>
    setOutcome((before) => ({ ...before, answers: { ...before.answers, [key]: value } }));
  const save = () => {
    const { disposition, note } = outcome;
    if (disposition === undefined || missing.length > 0) return;
    const filled = Object.entries(answers).filter(([, value]) => value !== '');
    void act(
      async () => {
        const written = {
          ...{ disposition, answers: Object.fromEntries(filled) },
          ...(note === undefined ? {} : { note }),
          ...(again === null ? {} : { callAgainAt: again.toISOString() }),
        };
        await orAlready(
          api.put('/campaign-calls/:id/outcome', { params: { id: callId }, body: written }),
        );
        if (stage === 'wrapUp') {
          const told = note?.trim() ?? '';
          await deskActions.wrapUp(callId, {
            reasonCode: wrapUpReason,
            ...(told === '' ? {} : { note: told }),
            ...(again === null ? {} : { nextContactAt: again.toISOString() }),
          });
        }
      },
      stage === 'wrapUp' ? undefined : t('work.saved'),
    );
  };
  const isOurs = stage !== 'offer';
  const choices = dispositions.map(({ code, label }) => ({ code, name: name(label) }));
  useKeys(isOurs ? { ...choiceKeys(choices, choose), F10: save } : {});
  return (
    <section
      className={`card campaign-sheet${stage === 'wrapUp' ? ' wrap-up' : ''}`}
      aria-label={t('work.sheet')}
    >
      <header className="card-head">
        <h2>{stage === 'wrapUp' ? t('wrapUp.title') : t('work.sheet')}</h2>
        {wrapUp !== null && <WrapUpTimes wrapUp={wrapUp} />}
      </header>
      <ContactFacts card={card} />
      <Script sheet={card.sheet} />
      {isOurs && (
        <>
          {fields.map((field) => (
            <div key={field.key} className="campaign-field">
              <span>
                {name(field.label)}
                {field.isRequired && <span className="owed"> *</span>}
              </span>
              {field.options === undefined ? (
                <Input
                  aria-label={name(field.label)}
                  value={answers[field.key] ?? ''}
                  maxLength={500}
                  onChange={(event) => write(field.key, event.target.value)}
                />
              ) : (
                <Either
                  label={name(field.label)}
                  value={answers[field.key]}
                  options={field.options.map((value) => ({ value, label: value }))}
                  onChange={(value) => write(field.key, value)}
                />
              )}
            </div>
          ))}
          <Choice
            label={t('work.disposition')}
            options={choices}
            chosen={outcome.disposition}
            onChoose={choose}
          />
          <NoteAndDate
            note={outcome.note ?? ''}
            maxLength={1000}
            onNote={(note) => setOutcome((before) => ({ ...before, note }))}
            dateLabel={t('work.again')}
            date={again}
            onDate={setAgain}
          />
          <Button
            type="primary"
            icon={<CheckOutlined />}
            onClick={save}
            disabled={!canSave}
            loading={isBusy}
          >
            {t(stage === 'wrapUp' ? 'wrapUp.finish' : 'work.save')} <Key>F10</Key>
          </Button>
        </>
      )}
    </section>
  );
}
