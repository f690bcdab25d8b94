import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Input, Modal, Space } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import { useRef, useState } from 'react';
import { api } from '../../../api/client.ts';
import type { WorkOrderDetail } from '../../../api/types.ts';
import { PageHead, QueryView } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../parts/phone-number.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useStaffName } from '../../parts/use-staff-name.ts';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { exact } from '../../../shared/i18n/times.ts';
import { useIsSeated } from '../../softphone/use-phone.tsx';
import { useDial } from '../../softphone/use-dial.ts';
import { RecordingPlayer } from '../calls/recording-player.tsx';
import { DemoRow } from '../../parts/demo-data.tsx';
import { OrderEdit } from './order-edit.tsx';
import { isReasonNeeded } from './reason-needed.ts';
import { StepChanges } from './step-changes.tsx';
import { SeverityTag, StateTag } from '../../parts/order-tags.tsx';

export function OrderPage() {
  const { number } = useParams({ strict: false });
  const order = useQuery({
    queryKey: ['work-orders', 'one', number],
    queryFn: () => api.get('/work-orders/:number', { params: { number: number ?? '' } }),
  });
  return (
    <main>
      <QueryView query={order} rows={10}>
        {(one) => <Order order={one} />}
      </QueryView>
    </main>
  );
}

function Order({ order }: { order: WorkOrderDetail }) {
  const t = useText();
  const estateName = useEstateName();
  const staffName = useStaffName();
  const dial = useDial();
  const isSeated = useIsSeated();
  return (
    <>
      <PageHead
        title={
          <>
            <Link to="/orders" className="crumb">
              {t('nav.orders')}
            </Link>{' '}
            <span className="figures">{order.number}</span> <DemoRow id={order.id} />
          </>
        }
      >
        <Transitions order={order} />
      </PageHead>
      <div className="two-columns">
        <section className="card pad">
          <Space wrap className="gap-below">
            <StateTag state={order.state} />
            <SeverityTag severity={order.severity} />
            <span className="strong">{textOf(t, 'kind', order.kind)}</span>
            <span className="quiet">{textOf(t, 'category', order.category)}</span>
            <OrderEdit order={order} />
          </Space>
          <p className="order-summary">{order.summary}</p>
          <dl className="facts">
            <dt>{t('order.estate')}</dt>
            <dd>
              {estateName(order.estateId)} {order.roomLabel}
            </dd>
            <dt>{t('order.contact')}</dt>
            <dd>
              <PhoneNumber
                number={order.contactNumber}
                onDial={
                  isSeated ? (number) => dial({ number, workOrderNumber: order.number }) : undefined
                }
              />{' '}
              {order.personId !== null && (
                <Link to="/people/$id" params={{ id: order.personId }}>
                  {t('order.person')}
                </Link>
              )}
            </dd>
            <dt>{t('order.source')}</dt>
            <dd>
              {textOf(t, 'source', order.source)}{' '}
              {order.callId !== null && (
                <Link to="/calls/$id" params={{ id: order.callId }}>
                  {t('order.call')}
                </Link>
              )}
            </dd>
            <dt>{t('order.createdAt')}</dt>
            <dd>
              {exact(new Date(order.createdAt))}{' '}
              <span className="quiet">
                <Ago at={order.createdAt} />
              </span>
            </dd>
          </dl>
          {order.recordings.length > 0 && <h3>{t('order.recordings')}</h3>}
          {order.recordings.map((one) => (
            <RecordingPlayer key={one.id} recording={one} />
          ))}
        </section>
        <section className="card pad">
          <h3>{t('order.history')}</h3>
          <ol className="timeline">
            {order.events.map((event, at) => (
              <li key={at}>
                <div>
                  {event.kind === 'note' || event.kind === 'edit' ? (
                    <span className="strong">{t(`orderStep.${event.kind}`)}</span>
                  ) : (
                    <StateTag state={event.toState} />
                  )}{' '}
                  <Ago at={event.at} />
                </div>
                <small className="quiet">
                  {staffName(event.actor) ?? actorText(t, event.actor)}
                </small>
                {event.note !== '' && <p>{event.note}</p>}
                <StepChanges changes={event.changes} />
              </li>
            ))}
          </ol>
          <NoteBox number={order.number} />
        </section>
      </div>
    </>
  );
}

function actorText(t: ReturnType<typeof useText>, actor: string): string {
  return actor.startsWith('staff:') ? t('actor.staff') : textOf(t, 'actor', actor);
}

function Transitions({ order }: { order: WorkOrderDetail }) {
  const t = useText();
  const cache = useQueryClient();
  const { act, isBusy } = useAct();
  const [to, setTo] = useState<WorkOrderDetail['state']>();
  const field = useRef<TextAreaRef>(null);
  const [note, setNote] = useState('');
  const states = order.nextStates;
  const go = () =>
    void act(async () => {
      if (to === undefined) return;
      await api.post('/work-orders/:number/transitions', {
        params: { number: order.number },
        body: {
          to,
          note: note.trim(),
          // Somebody else may have moved it since this page was drawn.
          expectedState: order.state,
        },
      });
      await cache.invalidateQueries({ queryKey: ['work-orders'] });
      setTo(undefined);
      setNote('');
    });
  const needsNote = isReasonNeeded(order.kind, to);
  return (
    <>
      {states.map((state, at) => (
        <Button
          key={state}
          type={at === 0 ? 'primary' : 'default'}
          danger={state === 'cancelled'}
          onClick={() => setTo(state)}
        >
          {textOf(t, 'orderDo', state)}
        </Button>
      ))}
      <Modal
        open={to !== undefined}
        // Its own focus comes last, and lands on the dialog itself.
        afterOpenChange={(isOpen) => isOpen && field.current?.focus()}
        destroyOnHidden
        title={to === undefined ? '' : textOf(t, 'orderDo', to)}
        onCancel={() => {
          setTo(undefined);
          setNote('');
        }}
        onOk={go}
        okText={t('form.confirm')}
        cancelText={t('form.cancel')}
        okButtonProps={{ loading: isBusy, disabled: needsNote && note.trim() === '' }}
      >
        <label htmlFor="transition-note">
          {t(needsNote ? 'order.noteNeeded' : 'order.noteOptional')}
        </label>
        <Input.TextArea
          id="transition-note"
          ref={field}
          autoFocus
          rows={3}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </Modal>
    </>
  );
}

function NoteBox({ number }: { number: string }) {
  const t = useText();
  const cache = useQueryClient();
  const { act, isBusy } = useAct();
  const [note, setNote] = useState('');
  const add = () =>
    void act(async () => {
      await api.post('/work-orders/:number/notes', {
        params: { number },
        body: { note: note.trim() },
      });
      setNote('');
      await cache.invalidateQueries({ queryKey: ['work-orders'] });
    });
  return (
    <div className="stack">
      <Input.TextArea
        value={note}
        onChange={(event) => setNote(event.target.value)}
        placeholder={t('order.addNote')}
        aria-label={t('order.addNote')}
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={4000}
      />
      <div>
        <Button onClick={add} disabled={note.trim() === ''} loading={isBusy}>
          {t('order.saveNote')}
        </Button>
      </div>
    </div>
  );
}
