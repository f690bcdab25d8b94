/** Digits only; mainland numbers without 86, others with their country code. Empty when withheld. */
export function normaliseNumber(text: string): string {
  const digits = text.replaceAll(/\D/g, '');
  const bare = digits.replace(/^(?:00)?86(?=1\d{10}$)/, '');
  return bare.length > 20 ? bare.slice(-20) : bare;
}
