/**
 * How long a text message is. Mainland carriers take and bill texts as UCS-2 (3GPP TS 23.038), Latin
 * ones included: 70 units in one message, or 67 in each part of a longer one, whose header (3GPP
 * TS 23.040, 9.2.3.24.1) takes six octets.
 */
export interface SmsLength {
  /** UTF-16 code units; what is billed by. */
  units: number;
  /** Messages that are paid for; 0 for an empty text. */
  parts: number;
}

const single = 70;
const part = 67;

export function smsLength(text: string): SmsLength {
  const units = text.length;
  if (units <= single) return { units, parts: units === 0 ? 0 : 1 };
  let parts = 1;
  let used = 0;
  for (const character of text) {
    // A character of two units (an emoji, a rare ideograph) is not torn between two parts.
    if (used + character.length > part) {
      parts += 1;
      used = 0;
    }
    used += character.length;
  }
  return { units, parts };
}
