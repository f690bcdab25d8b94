import { useQuery } from '@tanstack/react-query';
import { Progress as Bar } from 'antd';
import { api } from '../../../../api/client.ts';
import { Empty, Money, QueryView } from '../../../../shared/parts/pieces.tsx';
import { Ago } from '../../../../shared/parts/times.tsx';
import { textOf, type Translate } from '../../../../shared/i18n/i18n.ts';
import { useStaffName } from '../../../parts/use-staff-name.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import type { Campaign, Progress } from '../campaign.types.ts';
import { doneOf } from '../done.ts';
import { Bars, Figures } from '../figures.tsx';

const percent = (part: number, whole: number) =>
  whole === 0 ? '—' : `${Math.round((100 * part) / whole)}%`;

const total = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, one) => sum + one, 0);

/** Where it stands now; read again whenever the service says that it has moved on. */
export function LivePanel({ campaign }: { campaign: Campaign }) {
  const t = useText();
  const progress = useQuery({
    queryKey: ['campaigns', campaign.id, 'progress'],
    queryFn: () => api.get('/campaigns/:id/progress', { params: { id: campaign.id } }),
  });
  return (
    <QueryView query={progress}>
      {(data) => (
        <div className="stack">
          <div className="card pad">
            <Done data={data} />
            <Now campaign={campaign} data={data} />
          </div>
          <div className="card pad">
            <h2>{t('campaign.results')}</h2>
            {total(data.results) === 0 ? (
              <Empty title={t('campaign.noCalls')} />
            ) : (
              <Bars items={ranked(data.results, (code) => textOf(t, 'attemptResult', code))} />
            )}
            {data.messages.length > 0 && (
              <>
                <h3>{t('messages.title')}</h3>
                <Bars items={data.messages.map((one) => messageBar(t, one))} />
              </>
            )}
            {total(data.refusals) > 0 && (
              <>
                <h3>{t('campaign.leftOut')}</h3>
                <Bars items={ranked(data.refusals, (code) => textOf(t, 'refusal', code))} />
              </>
            )}
          </div>
          <History campaign={campaign} />
        </div>
      )}
    </QueryView>
  );
}

function Done({ data }: { data: Progress }) {
  const t = useText();
  const all = total(data.contacts);
  const done = doneOf(data.contacts);
  const share = (count: number) => (all === 0 ? 0 : Math.round((100 * count) / all));
  return (
    <>
      <div className="row">
        <strong className="grow">{t('campaign.progress', { done, all })}</strong>
        <span className="quiet">
          {(['reached', 'unreached', 'excluded', 'stopped'] as const)
            .filter((state) => (data.contacts[state] ?? 0) > 0)
            .map((state) => `${t(`contactState.${state}`)} ${data.contacts[state] ?? 0}`)
            .join(' · ')}
        </span>
      </div>
      <Bar
        percent={share(done)}
        {...(data.state === 'stopped' ? { status: 'exception' as const } : {})}
        success={{ percent: share(data.contacts['reached'] ?? 0) }}
        aria-label={t('campaign.live')}
      />
    </>
  );
}

function Now({ campaign, data }: { campaign: Campaign; data: Progress }) {
  const t = useText();
  const from = campaign.startedAt === null ? 0 : Date.parse(campaign.startedAt);
  const until = campaign.endedAt === null ? Date.now() : Date.parse(campaign.endedAt);
  // Of the first seconds nobody can say what a minute makes.
  const minutes = Math.max(1, (until - from) / 60_000);
  // What still rings is neither answered nor not.
  const decided = Math.max(data.answered, data.attempts - data.lines);
  const items = [
    [t('campaign.lines'), `${data.lines} / ${campaign.settings.maxLines}`],
    [t('campaign.attemptsMade'), data.attempts],
    [t('campaign.answerRate'), percent(data.answered, decided)],
    [t('campaign.perMinute'), (data.attempts / minutes).toFixed(1)],
    ...(campaign.settings.mode === 'automatic'
      ? []
      : [[t('attemptResult.abandoned'), percent(data.abandoned, data.answered)] as const]),
    ...(campaign.purpose === 'collection'
      ? [
          [t('campaign.promised'), <Money key="promised" fen={data.promisedFen} />] as const,
          [t('campaign.paid'), <Money key="paid" fen={data.paidFen} />] as const,
        ]
      : []),
  ] as const;
  return <Figures items={items} />;
}

function History({ campaign }: { campaign: Campaign }) {
  const t = useText();
  const staffName = useStaffName();
  return (
    <div className="card pad">
      <h2>{t('campaign.history')}</h2>
      <ul className="plain rows">
        {(campaign.history ?? []).map((step) => (
          <li key={step.at}>
            <span className="grow">
              {textOf(t, 'campaignState', step.toState)}
              {step.note !== '' && <span className="quiet"> {step.note}</span>}
            </span>
            <span className="quiet">{staffName(step.actor) ?? t('actor.system')}</span>
            <Ago at={step.at} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function messageBar(t: Translate, one: Progress['messages'][number]) {
  const why = one.reason === null ? '' : ` · ${textOf(t, 'messageReason', one.reason)}`;
  const state = textOf(t, 'messageState', one.state);
  return { name: `${t(`channel.${one.channel}`)} ${state}${why}`, count: one.count };
}

function ranked(counts: Readonly<Record<string, number>>, name: (code: string) => string) {
  return Object.entries(counts)
    .map(([code, count]) => ({ name: name(code), count }))
    .sort((a, b) => b.count - a.count);
}
