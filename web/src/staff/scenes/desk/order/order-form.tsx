import { CheckCircleOutlined, CloudOutlined, PlusOutlined } from '@ant-design/icons';
import { App, Button, Input } from 'antd';
import { Link } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { OrderDraft } from '../../../../../../src/contract/agents/agents.ts';
import type { Pop } from '../../../../../../src/contract/agents/pop.ts';
import { useEstates } from '../../../../api/codes.ts';
import { Either } from '../../../../shared/parts/either.tsx';
import { Choose } from '../../../../shared/parts/choose.tsx';
import { Key } from '../../../../shared/parts/pieces.tsx';
import { useAct } from '../../../../shared/parts/use-act.ts';
import { useKeys } from '../../../../shared/browser/use-keys.ts';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useLanguage, useName, useText } from '../../../../shared/i18n/language.tsx';
import { categories, filledDraft, orderKinds } from './draft.ts';
import type { WorkOrder } from '../../../../api/types.ts';
import { makeOrder } from './order-request.ts';
import { homeOf, personOf } from '../pop-facts.ts';
import { useSharedDraft } from './shared-draft.ts';

/**
 * The order, filled in as far as the call says it. What is typed is kept with the call, so that
 * a colleague who takes it over goes on where this one stopped.
 */
export function OrderForm({ callId, pop, draft }: { callId: string; pop: Pop; draft: OrderDraft }) {
  const t = useText();
  const { language } = useLanguage();
  const name = useName();
  const cache = useQueryClient();
  const { act, isBusy } = useAct();
  const estates = useEstates();
  const { own, change, reset, isSaved } = useSharedDraft(callId, draft);
  const [made, setMade] = useState<string[]>([]);
  const running = useRef(false);
  const { message } = App.useApp();
  const [estateWish, setEstateWish] = useState<string>();
  const filled = filledDraft(pop, own);
  const kind = filled.kind;
  const home = homeOf(pop, personOf(pop));
  const homes = pop.candidates.flatMap((one) => one.homes);
  const room = homes.find((one) => one.roomId === filled.roomId) ?? home;
  const estateId = room?.estateId ?? estateWish ?? pop.estateId ?? undefined;
  const summary = (filled.summary ?? '').trim();
  const canSubmit = summary !== '' && estateId !== undefined && !isBusy;
  const submit = () => {
    // A second click comes before the page is drawn anew.
    if (!canSubmit || running.current) return;
    running.current = true;
    const body = {
      kind: (kind ?? 'other') as WorkOrder['kind'],
      category: filled.category ?? 'other',
      severity: filled.severity,
      summary: joined(summary, filled.notes),
      estateId,
      ...(filled.roomId ? { roomId: filled.roomId } : {}),
      ...(filled.personId ? { personId: filled.personId } : {}),
      callId,
      ...(pop.callerNumber.includes('*') ? {} : { contactNumber: pop.callerNumber }),
      language: pop.language,
    };
    void act(async () => {
      const { order, isEarlier } = await makeOrder(callId, body);
      setMade((before) => [...before.filter((one) => one !== order.number), order.number]);
      if (isEarlier) void message.warning(t('order.madeEarlier', { number: order.number }), 10);
      else reset();
      void cache.invalidateQueries({ queryKey: ['work-orders'] });
    }).finally(() => {
      running.current = false;
    });
  };
  useKeys({ 'Ctrl+Enter': submit });
  return (
    <section className="card order-form" aria-label={t('order.new')}>
      <header className="card-head">
        <h2>{t('order.new')}</h2>
        <span className="quiet small">
          {isSaved ? (
            <>
              <CheckCircleOutlined /> {t('order.draftSaved')}
            </>
          ) : (
            <>
              <CloudOutlined /> {t('order.draftSaving')}
            </>
          )}
        </span>
      </header>
      {made.map((number) => (
        <div key={number} className="made tone-ok" role="status">
          <CheckCircleOutlined />
          <span>
            {t('order.made')}{' '}
            <Link to="/orders/$number" params={{ number }} className="figures strong">
              {number}
            </Link>
          </span>
        </div>
      ))}
      <div className="kind-row" role="radiogroup" aria-label={t('order.kind')}>
        {orderKinds.map((one) => (
          <button
            key={one}
            type="button"
            role="radio"
            aria-checked={kind === one}
            className={`chip${kind === one ? ' chosen' : ''}`}
            onClick={() => change({ kind: one, category: 'other' })}
          >
            {textOf(t, 'kind', one)}
          </button>
        ))}
      </div>
      <div className="form-row">
        <div className="grow">
          <label htmlFor="category">{t('order.category')}</label>
          <Choose
            id="category"
            value={filled.category ?? 'other'}
            onChange={(category) => change({ category })}
            options={(categories[kind ?? 'other'] ?? ['other']).map((value) => ({
              value,
              label: textOf(t, 'category', value),
            }))}
          />
        </div>
        <div>
          <div className="label">{t('order.severity')}</div>
          <Either<'minor' | 'serious'>
            label={t('order.severity')}
            value={filled.severity ?? 'minor'}
            onChange={(severity) => change({ severity })}
            options={[
              { value: 'minor', label: t('severity.minor') },
              { value: 'serious', label: t('severity.serious') },
            ]}
          />
        </div>
      </div>
      <label htmlFor="room">{t('order.room')}</label>
      {homes.length > 0 ? (
        <Choose
          id="room"
          value={filled.roomId ?? ''}
          onChange={(roomId) => change({ roomId: roomId === '' ? null : roomId })}
          options={[
            { value: '', label: t('order.roomNone') },
            ...homes.map((one) => ({
              value: one.roomId,
              label: `${name(one.estateName)} ${one.label}`,
            })),
          ]}
        />
      ) : (
        <Choose
          id="room"
          value={estateId ?? ''}
          onChange={setEstateWish}
          options={(estates.data ?? []).map((one) => ({
            value: one.id,
            label: language === 'en' ? one.nameEn : one.name,
          }))}
        />
      )}
      <label htmlFor="summary">{t('order.summary')}</label>
      <Input.TextArea
        id="summary"
        value={filled.summary ?? ''}
        onChange={(event) => change({ summary: event.target.value })}
        placeholder={t('order.summaryPlaceholder')}
        autoSize={{ minRows: 3, maxRows: 8 }}
        maxLength={2000}
      />
      <label htmlFor="notes">{t('order.notes')}</label>
      <Input.TextArea
        id="notes"
        value={filled.notes ?? ''}
        onChange={(event) => change({ notes: event.target.value })}
        placeholder={t('order.notesPlaceholder')}
        autoSize={{ minRows: 1, maxRows: 5 }}
        maxLength={4000}
      />
      <div className="row wrap form-end">
        <Button
          type="primary"
          icon={<PlusOutlined />}
          onClick={submit}
          disabled={!canSubmit}
          loading={isBusy}
        >
          {t('order.submit')} <Key>Ctrl+Enter</Key>
        </Button>
        {canSubmit && kind === undefined && (
          <span className="quiet small">{t('order.kindOpen')}</span>
        )}
        {!canSubmit && !isBusy && (
          <span className="quiet small">
            {t(summary === '' ? 'order.summaryMissing' : 'order.whereMissing')}
          </span>
        )}
      </div>
    </section>
  );
}

function joined(summary: string, notes: string | undefined): string {
  const more = (notes ?? '').trim();
  return more === '' ? summary : `${summary}\n${more}`.slice(0, 2000);
}
