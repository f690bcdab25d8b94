import { CloseOutlined, PhoneFilled } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { OfferView } from '../../../../../src/contract/agents/agents.ts';
import { useQueues } from '../../../api/codes.ts';
import { showNotice } from '../../../shared/browser/notice.ts';
import { Key } from '../../../shared/parts/pieces.tsx';
import { Unverified } from '../../parts/phone-number.tsx';
import { Elapsed, Remaining } from '../../../shared/parts/times.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useKeys } from '../../../shared/browser/use-keys.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { phoneText } from '../../../shared/i18n/times.ts';
import { useLive } from '../../../shared/realtime/use-live.ts';
import { usePhone } from '../../softphone/use-phone.tsx';
import { deskActions } from './desk-actions.ts';
import { personOf, unknownOf } from './pop-facts.ts';

/** A call that rings for us: who, why, how long they have waited; answered by a key. */
export function OfferPanel({ offer }: { offer: OfferView }) {
  const t = useText();
  const name = useName();
  const { act, isBusy } = useAct();
  const { expectCall, expectNothing } = usePhone();
  const isBrowser = useLive((state) => state.desk?.agent.phone === 'browser');
  const queues = useQueues();
  const from = useLive((state) =>
    offer.fromStaffId === null ? undefined : state.agents.get(offer.fromStaffId)?.displayName,
  );
  const accept = () => {
    // To pick up the telephone is to accept, whether its ringing has come already or is on its way.
    expectCall();
  };
  // Gone to somebody else: the next call shall ring again.
  useEffect(() => expectNothing, [expectNothing]);
  const decline = () => void act(() => deskActions.decline(offer.offerId));
  useKeys({ F2: isBrowser ? accept : undefined, F4: decline });
  const person = personOf(offer.pop);
  const title = person?.name ?? t(unknownOf(offer.pop));
  useNotice(`${t(`offer.${offer.kind}`)}：${title}`);
  const asks = offer.kind === 'consult';
  const queue = queues.data?.find((one) => one.queueId === offer.queueId);
  return (
    <section
      className={`offer${offer.kind === 'emergency' ? ' is-emergency' : ''}`}
      role="alertdialog"
      aria-label={t('offer.title')}
    >
      <div className="offer-ring">
        <PhoneFilled />
      </div>
      <div className="offer-words">
        <div className="offer-kind">
          {asks && from !== undefined
            ? t('offer.consultBy', { name: from })
            : t(`offer.${offer.kind}`)}
          {!asks && from !== undefined && ` · ${t('offer.from', { name: from })}`}
          {queue !== undefined && ` · ${name(queue.name)}`}
        </div>
        <div className="offer-name">
          {title} <span className="figures">{phoneText(offer.pop.callerNumber)}</span>{' '}
          {!offer.pop.isNumberVerified && <Unverified />}
        </div>
        <div className="quiet">
          {name(offer.pop.estateName)} · {t('offer.waited')} <Elapsed since={offer.waitingSince} />{' '}
          · {t('offer.left')} <Remaining until={offer.expiresAt} /> {t('unit.seconds')}
        </div>
      </div>
      <div className="offer-keys">
        {isBrowser ? (
          <Button
            type="primary"
            size="large"
            className="answer"
            icon={<PhoneFilled />}
            onClick={accept}
          >
            {t('offer.accept')} <Key>F2</Key>
          </Button>
        ) : (
          <strong>{t('offer.pickUp')}</strong>
        )}
        <Button size="large" icon={<CloseOutlined />} onClick={decline} loading={isBusy}>
          {t('offer.decline')} <Key>F4</Key>
        </Button>
      </div>
    </section>
  );
}

/** When the panel itself fails: to take the call, or not, is all that counts. */
export function BareOffer({ offer }: { offer: OfferView }) {
  const t = useText();
  const { act } = useAct();
  const { expectCall } = usePhone();
  const decline = () => void act(() => deskActions.decline(offer.offerId));
  useKeys({ F2: expectCall, F4: decline });
  return (
    <section className="offer" role="alertdialog" aria-label={t('offer.title')}>
      <div className="offer-words">
        <div className="offer-name">{t('offer.title')}</div>
      </div>
      <div className="offer-keys">
        <Button type="primary" size="large" className="answer" onClick={expectCall}>
          {t('offer.accept')} <Key>F2</Key>
        </Button>
        <Button size="large" onClick={decline}>
          {t('offer.decline')} <Key>F4</Key>
        </Button>
      </div>
    </section>
  );
}

/** Seen in another window too: the tab's title blinks, and the system tells. */
function useNotice(text: string): void {
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    const title = document.title;
    let isOn = false;
    const blink = setInterval(() => {
      isOn = !isOn;
      document.title = isOn ? `☎ ${latest.current}` : title;
    }, 1000);
    const takeAway = showNotice(latest.current);
    return () => {
      clearInterval(blink);
      document.title = title;
      takeAway();
    };
  }, []);
}
