import { useEffect, type RefObject } from 'react';
import type { Softphone } from '../../softphone/phone.ts';
import type { PhoneCall } from '../../softphone/phone.types.ts';

/** It rings once, as people let it. */
const answerAfterMs = 1500;
/** Time to hear who calls; a key interrupts what is said. */
const keyEveryMs = 9000;
/** Yes, it is me; yes, I have understood; more would disturb whoever talks to an agent by then. */
const mostKeys = 3;

/** Picks calls up and presses 1, so that a campaign finds owners while nobody sits at the page. */
export function useAnsweringByItself(
  phone: RefObject<Softphone | undefined>,
  call: PhoneCall | undefined,
  isOn: boolean,
): void {
  const isIncoming = call?.direction === 'incoming';
  const isRinging = isOn && isIncoming && call.state === 'ringing';
  const isTalking = isOn && isIncoming && call.state === 'talking';
  useEffect(() => {
    if (!isRinging) return;
    const timer = setTimeout(() => void phone.current?.answer(), answerAfterMs);
    return () => clearTimeout(timer);
  }, [isRinging, phone]);
  useEffect(() => {
    if (!isTalking) return;
    let pressed = 0;
    const timer = setInterval(() => {
      phone.current?.sendKey('1');
      pressed += 1;
      if (pressed >= mostKeys) clearInterval(timer);
    }, keyEveryMs);
    return () => clearInterval(timer);
  }, [isTalking, phone]);
}
