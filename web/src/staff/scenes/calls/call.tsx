import { Fragment } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api } from '../../../api/client.ts';
import { useWrapUpReasons } from '../../../api/codes.ts';
import type { CallDetail } from '../../../api/types.ts';
import { Empty, PageHead, QueryView } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber, Unverified } from '../../parts/phone-number.tsx';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useLanguage, useText } from '../../../shared/i18n/language.tsx';
import { duration, exact } from '../../../shared/i18n/times.ts';
import { useMay } from '../../../shared/session/session.tsx';
import { StateTag } from '../../parts/order-tags.tsx';
import { agentsOf, lengthOf, Outcome } from './calls.tsx';
import { eventLine, type EventNames } from './event-line.ts';
import { DemoRow } from '../../parts/demo-data.tsx';
import { RecordingPlayer } from './recording-player.tsx';

export function CallPage() {
  const { id } = useParams({ strict: false });
  const call = useQuery({
    queryKey: ['calls', 'one', id],
    queryFn: () => api.get('/calls/:id', { params: { id: id ?? '' } }),
  });
  return (
    <main>
      <QueryView query={call} rows={10}>
        {(one) => <CallView call={one} />}
      </QueryView>
    </main>
  );
}

function CallView({ call }: { call: CallDetail }) {
  const t = useText();
  const estateName = useEstateName();
  return (
    <>
      <PageHead
        title={
          <>
            <Link to="/calls" className="crumb">
              {t('nav.calls')}
            </Link>{' '}
            <PhoneNumber number={call.callerNumber} /> {!call.isNumberVerified && <Unverified />}{' '}
            <DemoRow id={call.id} />
          </>
        }
        note={exact(new Date(call.startedAt))}
      />
      <div className="two-columns">
        <section className="card pad">
          <dl className="facts">
            <dt>{t('call.direction')}</dt>
            <dd>{t(`direction.${call.direction}`)}</dd>
            <dt>{t('call.hotline')}</dt>
            <dd>
              <span className="figures">{call.did}</span> {estateName(call.estateId)}
            </dd>
            <dt>{t('call.person')}</dt>
            <dd>
              {call.personId === null ? (
                '—'
              ) : (
                <Link to="/people/$id" params={{ id: call.personId }}>
                  {call.personName ?? t('order.person')}
                </Link>
              )}
            </dd>
            <dt>{t('call.outcome')}</dt>
            <dd>
              <Outcome call={call} />
            </dd>
            <dt>{t('call.agents')}</dt>
            <dd>{agentsOf(call)}</dd>
            <dt>{t('call.duration')}</dt>
            <dd className="figures">{lengthOf(call)}</dd>
            {call.marks.map((mark) => (
              <Fragment key={`${mark.survey} ${mark.at}`}>
                <dt>{t('call.mark')}</dt>
                <dd>
                  {textOf(t, 'mark', String(mark.score))}
                  {mark.staffName !== null && <span className="quiet"> {mark.staffName}</span>}
                </dd>
              </Fragment>
            ))}
            {call.hangupCause !== null && (
              <>
                <dt>{t('call.cause')}</dt>
                <dd>{textOf(t, 'cause', call.hangupCause)}</dd>
              </>
            )}
          </dl>
          <Recordings callId={call.id} />
          <Orders callId={call.id} />
        </section>
        <section className="card pad">
          <h3>{t('call.timeline')}</h3>
          <Timeline call={call} />
        </section>
      </div>
    </>
  );
}

function Timeline({ call }: { call: CallDetail }) {
  const t = useText();
  const began = Date.parse(call.startedAt);
  const { language } = useLanguage();
  const reasons = useWrapUpReasons();
  const names: EventNames = {
    staff: new Map(call.agents.map(({ staffId, displayName }) => [staffId, displayName])),
    wrapUpReasons: new Map((reasons.data ?? []).map(({ code, name }) => [code, name[language]])),
  };
  const lines = call.events.flatMap((event) => {
    const line = eventLine(t, event, names);
    return line === undefined ? [] : [{ ...line, seq: event.seq, at: event.at }];
  });
  if (call.endedAt !== null) {
    const note = call.hangupCause === null ? '' : textOf(t, 'cause', call.hangupCause);
    lines.push({ title: t('event.call.ended'), note, seq: Infinity, at: call.endedAt });
  }
  // Wrap-up goes on after the call.
  lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.seq - b.seq);
  if (lines.length === 0) return <Empty title={t('call.noEvents')} />;
  return (
    <ol className="timeline">
      {lines.map((line) => (
        <li key={line.seq}>
          <time className="figures quiet" dateTime={line.at} title={exact(new Date(line.at))}>
            {duration(Date.parse(line.at) - began)}
          </time>{' '}
          <span>{line.title}</span> {line.note !== '' && <span className="quiet">{line.note}</span>}
        </li>
      ))}
    </ol>
  );
}

function Recordings({ callId }: { callId: string }) {
  const t = useText();
  const mayPlay = useMay()('recordings.play');
  const recordings = useQuery({
    queryKey: ['recordings', { callId }],
    queryFn: () => api.get('/recordings', { query: { callId } }),
    enabled: mayPlay,
  });
  if (!mayPlay || recordings.data === undefined || recordings.data.items.length === 0) return null;
  return (
    <>
      <h3>{t('order.recordings')}</h3>
      {recordings.data.items.map((one) =>
        one.state === 'ready' ? (
          <RecordingPlayer key={one.id} recording={one} />
        ) : (
          <p key={one.id} className="quiet">
            {textOf(t, 'recordingState', one.state)}
          </p>
        ),
      )}
    </>
  );
}

function Orders({ callId }: { callId: string }) {
  const t = useText();
  const orders = useQuery({
    queryKey: ['work-orders', { callId }],
    queryFn: () => api.get('/work-orders', { query: { callId } }),
  });
  if (orders.data === undefined || orders.data.items.length === 0) return null;
  return (
    <>
      <h3>{t('nav.orders')}</h3>
      <ul className="plain rows">
        {orders.data.items.map((order) => (
          <li key={order.id}>
            <Link to="/orders/$number" params={{ number: order.number }} className="figures">
              {order.number}
            </Link>
            <StateTag state={order.state} />
            <span className="clip">{order.summary}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
