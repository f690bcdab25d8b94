import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { DeskView, OrderDraft } from '../../../../../src/contract/agents/agents.ts';
import type { Pop } from '../../../../../src/contract/agents/pop.ts';
import type { Hit } from '../../../api/find.ts';
import { Boundary } from '../../../shared/parts/boundary.tsx';
import { Loading } from '../../../shared/parts/pieces.tsx';
import { SearchDialog } from '../../shell/search.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useKeys } from '../../../shared/browser/use-keys.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { useLive } from '../../../shared/realtime/use-live.ts';
import { useDial } from '../../softphone/use-dial.ts';
import { usePhone } from '../../softphone/use-phone.tsx';
import { CallerCard } from './caller-card.tsx';
import { CampaignSheet, useCampaignCard } from './campaign/campaign-sheet.tsx';
import { DraftPreview } from './order/draft-preview.tsx';
import { deskActions } from './desk-actions.ts';
import { IdleBoard } from './idle-board.tsx';
import { LegStrip } from './leg-strip.tsx';
import { BareOffer, OfferPanel } from './offer-panel.tsx';
import { OrderForm } from './order/order-form.tsx';
import { SidePanel } from './side-panel.tsx';
import { TakeSeat } from './seat.tsx';
import { WrapUp } from './wrap-up.tsx';
import './desk.css';

/** One screen for a whole shift: seat, waiting, offer, conversation, wrap-up. */
export function DeskPage() {
  const desk = useLive((state) => state.desk);
  const isReady = useLive((state) => state.isReady);
  if (!isReady) return <Loading rows={8} />;
  if (desk === null || desk.agent.presence === 'offline') {
    return (
      <main className="seat-page">
        <TakeSeat />
      </main>
    );
  }
  return <Desk desk={desk} />;
}

interface Subject {
  callId: string;
  pop: Pop;
  draft: OrderDraft;
  stage: 'offer' | 'call' | 'wrapUp';
}

/** What the desk is about now: a conversation comes before an offer, an offer before the wrap-up. */
function subjectOf({ call, offer, wrapUp }: DeskView): Subject | undefined {
  if (call !== null) return { ...call, stage: 'call' };
  if (offer !== null) return { ...offer, stage: 'offer' };
  if (wrapUp !== null) return { ...wrapUp, stage: 'wrapUp' };
  return undefined;
}

function Desk({ desk }: { desk: DeskView }) {
  const subject = subjectOf(desk);
  const t = useText();
  const { resumed } = usePhone();
  const isResumed = desk.offer !== null && desk.offer.callId === resumed;
  return (
    <main className="desk">
      {isResumed && (
        <p className="card pad" role="status">
          {t('offer.resumed')}
        </p>
      )}
      {desk.offer !== null && !isResumed && (
        <Boundary about={desk.offer.offerId} fallback={<BareOffer offer={desk.offer} />}>
          <OfferPanel key={desk.offer.offerId} offer={desk.offer} />
        </Boundary>
      )}
      {desk.call !== null && (
        <Boundary about={desk.call.callId} fallback={null}>
          <LegStrip call={desk.call} />
        </Boundary>
      )}
      <Boundary about={subject === undefined ? '' : `${subject.stage} ${subject.callId}`}>
        {subject === undefined ? (
          <IdleBoard desk={desk} />
        ) : (
          <Conversation key={subject.callId} desk={desk} subject={subject} />
        )}
      </Boundary>
    </main>
  );
}

/** Their customer has gone on: so has the half-written order. */
function HandedOver({ to }: { to: string }) {
  const t = useText();
  return (
    <section className="card handed" role="status">
      <h2>{to === '' ? t('handed.title') : t('handed.titleTo', { name: to })}</h2>
      <p className="quiet">{t('handed.help')}</p>
    </section>
  );
}

function Conversation({ desk, subject }: { desk: DeskView; subject: Subject }) {
  const t = useText();
  const navigate = useNavigate();
  const dial = useDial();
  const { act } = useAct();
  const [isSearching, setSearching] = useState(false);
  const { callId, pop, draft, stage } = subject;
  const card = useCampaignCard(callId);
  const isOurs = stage !== 'offer';
  const { call } = desk;
  // Whoever is asked reads along; what is written stays with whose customer it is.
  const isAsked = stage === 'call' && call?.isMine === false;
  const mayWrite = isOurs && !isAsked;
  const note = isAsked ? t('consult.readAlong', { name: call.askedBy ?? '' }) : undefined;
  const handedTo = stage === 'wrapUp' ? (desk.wrapUp?.handedTo ?? null) : null;
  const identify = (personId: string | null, roomId: string | null) =>
    void act(() => deskActions.identify(callId, personId, roomId));
  const pick = (hit: Hit) => {
    if (hit.personId !== null) identify(hit.personId, hit.roomId);
    else if (hit.kind === 'order') {
      void navigate({ to: '/orders/$number', params: { number: hit.id } });
    }
  };
  useKeys({ 'Ctrl+K': isOurs ? () => setSearching(true) : undefined });
  return (
    <div className="desk-columns">
      <Boundary about={callId}>
        <CallerCard
          pop={pop}
          onIdentify={isOurs ? identify : undefined}
          onSearchPerson={isOurs ? () => setSearching(true) : undefined}
          onDial={stage === 'wrapUp' ? (number) => dial({ number }) : undefined}
        />
      </Boundary>
      <div className="desk-middle">
        {card != null && (
          <Boundary about={callId}>
            <CampaignSheet callId={callId} card={card} stage={stage} wrapUp={desk.wrapUp} />
          </Boundary>
        )}
        {stage === 'wrapUp' && desk.wrapUp !== null && card === null && (
          <WrapUp wrapUp={desk.wrapUp} />
        )}
        <Boundary about={callId}>
          {handedTo !== null ? (
            <HandedOver to={handedTo} />
          ) : mayWrite ? (
            <OrderForm callId={callId} pop={pop} draft={draft} />
          ) : (
            <DraftPreview pop={pop} draft={draft} {...(note === undefined ? {} : { note })} />
          )}
        </Boundary>
      </div>
      <Boundary about={callId}>
        <SidePanel pop={pop} />
      </Boundary>
      <SearchDialog
        isOpen={isSearching}
        onClose={() => setSearching(false)}
        onPick={pick}
        title={t('caller.findTitle')}
      />
    </div>
  );
}
