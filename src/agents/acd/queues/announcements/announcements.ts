import type { Language } from '../../../../core/language.ts';
import type { Utterance } from '../../../../tts/index.ts';
import { readCount } from '../../../../tts/index.ts';

/** What a waiting caller is told. `waitSec` is null when nobody knows. */
export interface WaitFacts {
  /** From 1; 0 while a telephone rings for them. */
  position: number;
  waitSec: number | null;
  canCallBack: boolean;
  language: Language;
}

/** One sentence an utterance, so that what stays the same is rendered once. */
export function waitAnnouncement(facts: WaitFacts): Utterance[] {
  const { language } = facts;
  const sentences = language === 'en' ? english(facts) : chinese(facts);
  return sentences.map((text) => ({ text, language }));
}

export function welcomeToQueue(language: Language): Utterance[] {
  return [
    language === 'en'
      ? { text: 'One moment please, we are connecting you to an agent.', language }
      : { text: '正在为您转接客服人员，请稍候。', language },
  ];
}

/** Everything that is fixed, to be rendered ahead. */
export function queueSentences(): Utterance[] {
  return (['zh-CN', 'en'] as const).flatMap((language) => [
    ...welcomeToQueue(language),
    ...Array.from({ length: 5 }, (_, at) =>
      waitAnnouncement({ position: at + 1, waitSec: null, canCallBack: true, language }),
    ).flat(),
    ...callbackAnnouncement(language),
    ...customerLostAgent(language),
    ...nobodyIsFree(language),
    ...dutyQuestion(language),
  ]);
}

export function callbackAnnouncement(language: Language): Utterance[] {
  return language === 'en'
    ? [{ text: 'We keep your place in the line and will call you back. Goodbye.', language }]
    : [{ text: '已为您保留排队位置，轮到您时我们会给您回电。再见。', language }];
}

/** The agent's leg was lost, not the caller's. */
export function customerLostAgent(language: Language): Utterance[] {
  return language === 'en'
    ? [
        {
          text: 'The line to your agent was interrupted. Please hold, we are reconnecting you.',
          language,
        },
      ]
    : [{ text: '与客服的通话中断了，请不要挂机，正在为您重新接通。', language }];
}

/** To somebody whom we called, and who was to be passed on. */
export function nobodyIsFree(language: Language): Utterance[] {
  return language === 'en'
    ? [{ text: 'Nobody can take your call at the moment. We will contact you. Goodbye.', language }]
    : [{ text: '客服暂时无法接听，我们会再与您联系。再见。', language }];
}

/** To somebody on duty whom an emergency calls out of bed. */
export function dutyQuestion(language: Language): Utterance[] {
  return language === 'en'
    ? [{ text: 'An emergency call is waiting. Press 1 to take it.', language }]
    : [{ text: '有业主紧急求助，接听请按1。', language }];
}

function chinese({ position, waitSec, canCallBack }: WaitFacts): string[] {
  const minutes = minutesOf(waitSec);
  return [
    ...(position <= 1
      ? ['您是下一位。']
      : [`您前面还有${readCount(position - 1, 'zh-CN')}位来电者。`]),
    ...(minutes === undefined ? [] : [`预计还要等待${readCount(minutes, 'zh-CN')}分钟。`]),
    ...(canCallBack ? ['不想等待，请按1，轮到您时我们给您回电。'] : []),
    '留言请按7。',
  ];
}

function english({ position, waitSec, canCallBack }: WaitFacts): string[] {
  const minutes = minutesOf(waitSec);
  return [
    ...(position <= 1 ? ['You are next.'] : [`Callers ahead of you: ${position - 1}.`]),
    ...(minutes === undefined ? [] : [`The expected wait is ${minutes} minutes.`]),
    ...(canCallBack ? ['To be called back when it is your turn, press 1.'] : []),
    'To leave a message, press 7.',
  ];
}

/** A guess below two minutes is no help, one above half an hour no comfort. */
function minutesOf(waitSec: number | null): number | undefined {
  if (waitSec === null || waitSec < 90 || waitSec > 1800) return undefined;
  return Math.round(waitSec / 60);
}
