import { Type, type Static } from 'typebox';
import type { Language } from '../../core/language.ts';
import type { Utterance } from '../../tts/tts.types.ts';
import type { NodeOf } from './definition.schema.ts';

/** Anything that survives JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Vars = Readonly<Record<string, Json>>;

const UtteranceSchema = Type.Object({
  text: Type.String(),
  language: Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]),
});

/**
 * Where a caller is: all that a new process needs to go on. Kept on the switch between actions, so
 * it never holds a PIN.
 */
export const flowStateSchema = Type.Object({
  flow: Type.String(),
  version: Type.Integer(),
  node: Type.String(),
  /** Counts actions from 1; names the step on the switch and the key of side effects. */
  step: Type.Integer(),
  /** Nodes that speak before they act say `ask`, then `act`. */
  phase: Type.Union([Type.Literal('ask'), Type.Literal('act')]),
  /** Missed or wrong inputs at this node. */
  attempts: Type.Integer(),
  /** Those of them in a row, up to now, at which nothing came. States of versions before this have none. */
  silences: Type.Optional(Type.Integer()),
  /** Missed or wrong inputs in a row, wherever. */
  misses: Type.Integer(),
  vars: Type.Record(Type.String(), Type.Unknown()),
  language: Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]),
  /** Said, but not spoken yet: the beginning of the next prompt. */
  pending: Type.Array(UtteranceSchema),
  hasEnded: Type.Boolean(),
});

export interface FlowState extends Omit<Static<typeof flowStateSchema>, 'vars'> {
  vars: Vars;
}

/** What the hotline and the caller's number say when a flow begins. */
export interface FlowContext {
  version: number;
  language: Language;
  /** First values of the known variables, e.g. `greeting`, `hours`, `dutyNumber`. */
  vars: Vars;
}

export interface Prompt {
  say: readonly Utterance[];
}

export interface KeysWanted extends Prompt {
  minDigits: number;
  maxDigits: number;
  /** Empty for a menu: there `*` and `#` are keys like the others. */
  terminators: string;
  firstDigitTimeoutMs: number;
  interDigitTimeoutMs: number;
}

/** What the machine wants of the world; exactly one at a time. */
/** What a flow asks of our records. */
export type LookUp = 'hours' | NodeOf<'lookup'>['what'];

export type Action =
  | ({
      do: 'play';
      isInterruptible: boolean;
      /** Ends with the tone after which one speaks. */
      hasTone?: boolean;
    } & Prompt)
  | ({ do: 'collect' } & KeysWanted)
  /** Keys, while an article is read: `lead`, the article, then `say`. */
  | ({ do: 'read'; articleId: string; lead: readonly Utterance[] } & KeysWanted)
  /** `others`: who shares the home and the telephone; their PINs are as good. */
  | ({ do: 'verifyPin'; personId: string; others?: readonly string[] } & KeysWanted)
  | {
      do: 'record';
      purpose: RecordPurpose;
      limitSec: number;
      silenceSec: number;
      terminators: string;
    }
  | { do: 'lookup'; what: LookUp }
  | OrderAction
  /** `hasSequel`: the flow goes on after a talk. Somebody whom we called hears it while an agent's telephone rings. */
  | ({ do: 'transfer'; to: string; hasSequel: boolean } & Prompt)
  | { do: 'survey'; survey: string; score: number }
  | CampaignAction
  | { do: 'hangup'; outcome: string | undefined }
  | { do: 'end' };

/** `act` as the flow definition's `campaign` node has it. */
export interface CampaignAction {
  do: 'campaign';
  act: NodeOf<'campaign'>['act'];
  value: string;
}

export type RecordPurpose = NodeOf<'record'>['purpose'];

export interface OrderAction {
  do: 'order';
  kind: string;
  category: string;
  severity: 'minor' | 'serious';
  summary: string;
  roomId: string | undefined;
  personId: string | undefined;
  recordingId: string | undefined;
  outcome: string;
}

/** What the world answered. */
export type Outcome =
  | { kind: 'done' }
  /** One key: in a menu, or one that interrupted speech. */
  | { kind: 'key'; key: string }
  | { kind: 'digits'; digits: string }
  /** Nothing was pressed in time. */
  | { kind: 'silence' }
  /** Too few digits. */
  | { kind: 'incomplete' }
  /** A look-up, PIN check, order or transfer; `vars` are set before going on. */
  | { kind: 'result'; result: string; vars?: Vars }
  | { kind: 'recorded'; recordingId: string; spokenMs: number; terminator?: string }
  | { kind: 'failed'; reason: string };

/** A home of the caller, as a flow holds it. The label is only for telling several apart. */
export interface HomeVar {
  roomId: string;
  personId: string;
  label: string;
  /** Spoken instead of `label` where the labels of the caller's homes end alike: `3栋2单元`. */
  room?: string;
  estate: Record<Language, string>;
  /** Of a home that several people of this number share: any of their PINs opens it. */
  personIds?: string[];
}
