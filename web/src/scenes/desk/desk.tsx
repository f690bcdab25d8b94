import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { DeskView, OrderDraft } from '../../../../src/api/contract/agents.ts';
import type { Pop } from '../../../../src/api/contract/pop.ts';
import type { Hit } from '../../api/find.ts';
import { Loading } from '../../components/pieces.tsx';
import { SearchDialog } from '../../components/search.tsx';
import { useAct } from '../../components/use-act.ts';
import { useKeys } from '../../components/use-keys.ts';
import { useText } from '../../i18n/language.tsx';
import { useLive } from '../../realtime/use-live.ts';
import { useDial } from '../../softphone/use-dial.ts';
import { CallerCard } from './caller-card.tsx';
import { CampaignSheet, useCampaignCard } from './campaign-sheet.tsx';
import { DraftPreview } from './draft-preview.tsx';
import { deskActions } from './desk-actions.ts';
import { IdleBoard } from './idle-board.tsx';
import { LegStrip } from './leg-strip.tsx';
import { OfferPanel } from './offer-panel.tsx';
import { OrderForm } from './order-form.tsx';
import { SidePanel } from './side-panel.tsx';
import { TakeSeat } from './seat.tsx';
import { WrapUp } from './wrap-up.tsx';

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
  return (
    <main className="desk">
      {desk.offer !== null && <OfferPanel key={desk.offer.offerId} offer={desk.offer} />}
      {desk.call !== null && <LegStrip call={desk.call} />}
      {subject === undefined ? (
        <IdleBoard desk={desk} />
      ) : (
        <Conversation key={subject.callId} desk={desk} subject={subject} />
      )}
    </main>
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
      <CallerCard
        pop={pop}
        onIdentify={isOurs ? identify : undefined}
        onSearchPerson={isOurs ? () => setSearching(true) : undefined}
        onDial={stage === 'wrapUp' ? (number) => dial({ number }) : undefined}
      />
      <div className="desk-middle">
        {card != null && (
          <CampaignSheet callId={callId} card={card} stage={stage} wrapUp={desk.wrapUp} />
        )}
        {stage === 'wrapUp' && desk.wrapUp !== null && card === null && (
          <WrapUp wrapUp={desk.wrapUp} />
        )}
        {isOurs ? (
          <OrderForm callId={callId} pop={pop} draft={draft} />
        ) : (
          <DraftPreview pop={pop} draft={draft} />
        )}
      </div>
      <SidePanel pop={pop} />
      <SearchDialog
        isOpen={isSearching}
        onClose={() => setSearching(false)}
        onPick={pick}
        title={t('caller.findTitle')}
      />
    </div>
  );
}
