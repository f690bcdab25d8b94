import type { Language } from '../../core/language.ts';
import type { Purpose } from './rules.types.ts';

/**
 * What a script may not say. Civil Code art. 944: a property company may press for payment and go to
 * court, but must not cut off electricity, water, heat or gas to get it, so it must not say so either.
 * Debts are spoken of to the debtor alone (2025 guideline), so nothing of them before the person has
 * confirmed who they are. Machine speech says that it is one (人工智能生成合成内容标识办法, 2025-09-01).
 */
export const scriptFaultCodes = [
  'threat_of_cutting_off',
  'threat_of_exposure',
  'threat_of_force',
  'debt_before_identity',
  'no_voice_label',
] as const;
export type ScriptFaultCode = (typeof scriptFaultCodes)[number];

export interface ScriptFault {
  code: ScriptFaultCode;
  language: Language;
  /** The words that offend, or the beginning that lacks the label. */
  words: string;
}

export type Spoken = Partial<Record<Language, string>>;

export interface Script {
  purpose: Purpose;
  /** What everybody hears who picks up, in the order in which it is said; the label belongs here. */
  opening: Spoken;
  /** Said before the person has confirmed who they are; the opening included or not. */
  beforeIdentity: readonly Spoken[];
  /** Everything else that the script may say. */
  afterIdentity: readonly Spoken[];
  /** Recorded by a person: needs no label. */
  isHumanVoice: boolean;
}

/** The label as our own scripts say it. */
export const voiceLabel: Readonly<Record<Language, string>> = {
  'zh-CN': '本次通话由智能语音合成播报。',
  en: 'This call uses a computer-generated voice.',
};

export const scriptFaultTexts: Readonly<Record<ScriptFaultCode, Record<Language, string>>> = {
  threat_of_cutting_off: {
    'zh-CN': '话术不得以停水、停电、停暖、停气相威胁（民法典第九百四十四条）。',
    en: 'The script must not threaten to cut off water, power, heat or gas (Civil Code art. 944).',
  },
  threat_of_exposure: {
    'zh-CN': '话术不得以公开信息、列入黑名单相威胁。',
    en: 'The script must not threaten to expose or blacklist the person.',
  },
  threat_of_force: {
    'zh-CN': '话术不得含有恐吓、限制出入等内容。',
    en: 'The script must not threaten force or locked gates.',
  },
  debt_before_identity: {
    'zh-CN': '核实身份之前不得提及欠费。',
    en: 'Debts must not be mentioned before the person has confirmed who they are.',
  },
  no_voice_label: {
    'zh-CN': '开场白须说明由智能语音播报。',
    en: 'The opening must say that the voice is computer-generated.',
  },
};

/** Every fault of a script, for the screen on which it is approved. Empty: it may be approved. */
export function checkScript(script: Script): ScriptFault[] {
  const all = [script.opening, ...script.beforeIdentity, ...script.afterIdentity];
  const found: ScriptFault[] = [];
  if (script.purpose === 'collection') {
    for (const [code, patterns] of threats) found.push(...matches(all, code, patterns));
    found.push(
      ...matches([script.opening, ...script.beforeIdentity], 'debt_before_identity', debtWords),
    );
  }
  if (!script.isHumanVoice) found.push(...unlabelled(script.opening));
  return found;
}

type Patterns = Readonly<Record<Language, RegExp>>;

const threats: readonly (readonly [ScriptFaultCode, Patterns])[] = [
  [
    'threat_of_cutting_off',
    {
      'zh-CN':
        /(?:停掉?|断掉?|切断|关停|关闭|中断|暂停|停止|掐断?|限制?)(?:您?家?的?)(?:提供|供应)?(?:水|电|暖|气|热|燃气|供水|供电|供暖|供热|供气|电梯)/g,
      en: /(?:cut(?:ting)?|shut(?:ting)?|turn(?:ing)?|switch(?:ing)?) ?off|disconnect\w*|suspend\w*|stop\w{0,6} (?:the |your )?(?:water|power|electricity|heat\w*|gas)/g,
    },
  ],
  [
    'threat_of_exposure',
    {
      'zh-CN':
        /黑名单|曝光|(?:公开|公示|公布|张贴)(?:您?的?)(?:姓名|信息|名单|欠费)|失信名单|通知您?的?(?:单位|亲友|邻居)/g,
      en: /blacklist\w*|expos(?:e|ing) you|publish(?:ing)? your name|(?:inform|tell)(?:ing)? your (?:employer|neighbou?rs|family)/g,
    },
  ],
  [
    'threat_of_force',
    {
      'zh-CN':
        /后果自负|不客气|强制(?:措施|执行您)|禁止(?:您)?(?:出入|进出|通行)|(?:取消|停用|锁)(?:您?的?)(?:门禁|车牌|车位)|上门(?:讨|收|催)/g,
      en: /at your own risk|or else|(?:lock|deactivat|cancel)\w{0,6} your (?:gate|access|door|parking)\w*|come to your (?:door|home) to collect/g,
    },
  ],
];

const debtWords: Patterns = {
  'zh-CN': /欠费|欠款|欠缴|未缴|催缴|逾期|拖欠|账单|滞纳|\{(?:total|unpaid|later|owed)[:}]/g,
  en: /arrears|overdue|\bowe\w*|unpaid|debts?\b|late fee|\bbills?\b|\{(?:total|unpaid|later|owed)[:}]/g,
};

const labelled: Patterns = {
  'zh-CN': /(?:智能|合成|自动|机器)(?:语音|播报|外呼|客服|助手|合成)/,
  en: /computer-generated|synthetic|automated|automatic (?:call|voice)|virtual assistant/,
};

/** Words that turn a threat into its opposite: 我们不会停水. */
const denial: Patterns = {
  'zh-CN': /(?:不会|不得|绝不|不能|从不)$/,
  en: /(?:not|never|without) $/,
};

function matches(
  texts: readonly Spoken[],
  code: ScriptFaultCode,
  patterns: Patterns,
): ScriptFault[] {
  return texts.flatMap((text) =>
    entriesOf(text).flatMap(([language, spoken]) => {
      const plain = normalise(spoken, language);
      return [...plain.matchAll(patterns[language])]
        .filter((match) => !denial[language].test(plain.slice(0, match.index)))
        .map((match) => ({ code, language, words: match[0] }));
    }),
  );
}

function unlabelled(opening: Spoken): ScriptFault[] {
  return entriesOf(opening)
    .filter(([language, spoken]) => !labelled[language].test(normalise(spoken, language)))
    .map(([language, spoken]) => ({
      code: 'no_voice_label' as const,
      language,
      words: spoken.slice(0, 40),
    }));
}

function entriesOf(text: Spoken): [Language, string][] {
  return (['zh-CN', 'en'] as const).flatMap((language) => {
    const spoken = text[language];
    return spoken === undefined ? [] : [[language, spoken] as [Language, string]];
  });
}

/** Spaces and marks between characters hide nothing: 停 水, 停-水. */
function normalise(text: string, language: Language): string {
  const plain = text.normalize('NFKC').toLowerCase();
  return language === 'zh-CN'
    ? plain.replaceAll(/[\s\-_.*·•|/\\]+/g, '')
    : plain.replaceAll(/[\s_*]+/g, ' ');
}
