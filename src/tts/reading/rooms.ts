import type { Language } from '../../core/language.ts';
import { plainDigits, wholeZh } from './numbers.ts';

/** `3栋2单元1201` → 三栋二单元一二零一; the figures of the room one by one. */
export function readRoom(label: string, language: Language): string {
  const match = /^(\d+)([栋幢座号]+)(?:(\d+)单元)?(\w+)$/.exec(label.replaceAll(/[\s-]/g, ''));
  if (match === null) return label;
  const [, building = '', word = '', unit, room = ''] = match;
  if (language === 'en') {
    const parts = [`Building ${building}`];
    if (unit !== undefined) parts.push(`Unit ${unit}`);
    parts.push(`Room ${plainDigits(room, language)}`);
    return parts.join(', ');
  }
  const unitWords = unit === undefined ? '' : `${wholeZh(Number(unit))}单元`;
  return `${wholeZh(Number(building))}${word}${unitWords}${plainDigits(room, language)}`;
}
