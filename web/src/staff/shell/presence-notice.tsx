import { App } from 'antd';
import { useEffect, useRef } from 'react';
import { useBreakReasons } from '../../api/codes.ts';
import { useName, useText } from '../../shared/i18n/language.tsx';
import { imposedBy } from './imposed.ts';
import { useIsNarrow } from '../../shared/browser/use-is-narrow.ts';
import { useLive } from '../../shared/realtime/use-live.ts';

/** An agent who is set on a break, or back, by somebody or something else is told so, and why. */
export function PresenceNotice() {
  const t = useText();
  const name = useName();
  const { notification } = App.useApp();
  const isNarrow = useIsNarrow();
  const agent = useLive(({ desk }) => desk?.agent);
  const reasons = useBreakReasons();
  const told = useRef<string | undefined>(undefined);
  const text = useRef('');
  const cause = agent === undefined ? undefined : imposedBy(agent);
  const reason = reasons.data?.find(({ code }) => code === agent?.reason);
  if (agent !== undefined && cause !== undefined) {
    text.current =
      cause === 'missed'
        ? t('imposed.missed')
        : t(agent.presence === 'break' ? 'imposed.break' : 'imposed.available', {
            name: agent.presenceBy ?? '',
            reason: reason === undefined ? t('agent.break') : name(reason.name),
          });
  }
  const since = agent?.presenceSince;
  const isKnown = reasons.data !== undefined;
  useEffect(() => {
    if (since === undefined || !isKnown || told.current === since) return;
    const isFirst = told.current === undefined;
    told.current = since;
    notification.destroy('presence');
    // A page that was loaded anew finds it in the bar.
    if (isFirst || cause === undefined) return;
    notification.warning({
      key: 'presence',
      title: text.current,
      description:
        cause === 'missed'
          ? t(isNarrow ? 'imposed.missedHelpTouch' : 'imposed.missedHelp')
          : undefined,
      duration: 0,
      // The button that takes them back is at the top of a telephone's screen, the places to go at its end.
      ...(isNarrow ? { placement: 'bottom' as const, style: { marginBottom: 64 } } : {}),
    });
  }, [since, cause, isKnown, isNarrow, notification, t]);
  return null;
}
