import type { Language } from '../../core/language.ts';
import type { Utterance } from '../../tts/tts.types.ts';
import type { Text } from './definition.schema.ts';
import { formats, isFormatName, type FormatName } from './speech.ts';
import type { Json, Vars } from './state.types.ts';

/** A place in a text that a variable fills: `{total:money}`. */
export interface Slot {
  name: string;
  /** As written; `text` when left out. */
  format: string;
}

const slotPattern = /\{([a-z][A-Za-z0-9]*)(?::([a-z]+))?\}/g;
/** `[en]For English, press 8.[/en]`: a stretch in another language within a text. */
const stretchPattern = /\[(zh-CN|en)\]/g;

/**
 * A text as sentences ready to be spoken. One utterance a sentence, so that what stays the same is
 * rendered once and kept, whatever stands beside it.
 */
export function speak(text: Text, language: Language, vars: Vars): Utterance[] {
  const source = text[language];
  if (source === undefined) return [];
  return stretches(source, language)
    .flatMap((stretch) => stretches(inItsLanguage(stretch, vars), stretch.language))
    .flatMap((stretch) =>
      sentences(fillSlots(stretch.text, stretch.language, vars)).map((sentence) => ({
        text: sentence,
        language: stretch.language,
      })),
    );
}

/** What somebody wrote in the other language alone is spoken in that one, by its voice. */
function inItsLanguage({ text, language }: Utterance, vars: Vars): string {
  const other: Language = language === 'en' ? 'zh-CN' : 'en';
  return text.replaceAll(slotPattern, (slot, name: string) => {
    const value = vars[name];
    const isForeign =
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      value[language] === undefined &&
      typeof value[other] === 'string';
    return isForeign ? `[${other}]${slot}[/${other}]` : slot;
  });
}

/** Fills the slots of a text for reading, not for speech (order summaries). */
export function fillPlain(text: string, vars: Vars): string {
  return text.replaceAll(slotPattern, (_, name: string) => plain(vars[name]));
}

export function slotsOf(text: string): Slot[] {
  return [...text.matchAll(slotPattern)].map((match) => ({
    name: match[1] ?? '',
    format: match[2] ?? 'text',
  }));
}

/** The sentences of a text that no variable touches: they can be rendered ahead. */
export function fixedSentences(text: Text, language: Language): Utterance[] {
  const source = text[language];
  if (source === undefined) return [];
  return stretches(source, language)
    .flatMap((stretch) =>
      sentences(stretch.text).map((sentence) => ({ text: sentence, language: stretch.language })),
    )
    .filter((utterance) => slotsOf(utterance.text).length === 0);
}

function stretches(text: string, language: Language): Utterance[] {
  const found: Utterance[] = [];
  let from = 0;
  /** Languages whose end does not come any more. */
  const open = new Set<string>();
  for (const match of text.matchAll(stretchPattern)) {
    const [head, name = ''] = match;
    if (match.index < from || open.has(name)) continue;
    const end = text.indexOf(`[/${name}]`, match.index);
    if (end < 0) {
      open.add(name);
      continue;
    }
    found.push({ text: text.slice(from, match.index), language });
    const inner = text.slice(match.index + head.length, end);
    found.push({ text: inner, language: name === 'en' ? 'en' : 'zh-CN' });
    from = end + head.length + 1;
  }
  found.push({ text: text.slice(from), language });
  return found.filter((stretch) => stretch.text.trim() !== '');
}

function sentences(text: string): string[] {
  return text
    .split(/(?<=[。！？；])|(?<=[.!?;])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function fillSlots(text: string, language: Language, vars: Vars): string {
  return text.replaceAll(slotPattern, (_, name: string, format: string | undefined) =>
    read(vars[name] ?? null, isFormatName(format) ? format : 'text', language),
  );
}

function read(value: Json, format: FormatName, language: Language): string {
  const localized = localizedValue(value, language);
  return formats[format](localized, language);
}

/** A value that is itself a text in several languages, such as a hotline's greeting. */
function localizedValue(value: Json, language: Language): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return value[language] ?? value;
}

function plain(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
