/**
 * The hotline that a dialled number means: exchanges write the same one as `02155550119`, `+862155550119` or
 * `00862155550119`, with the country code 86 of where the switch stands. Undefined when it is none.
 */
export function hotlineOf(dialled: string, hotlines: ReadonlySet<string>): string | undefined {
  if (hotlines.has(dialled)) return dialled;
  const wanted = nationalNumber(dialled);
  if (wanted === undefined) return undefined;
  for (const hotline of hotlines) if (nationalNumber(hotline) === wanted) return hotline;
  return undefined;
}

/** Without country code, trunk prefix and separators; undefined for what is no number. */
function nationalNumber(text: string): string | undefined {
  const digits = text.replace(/[-.() ]/g, '');
  if (!/^\+?\d{3,20}$/.test(digits)) return undefined;
  const isLong = digits.length >= 11;
  for (const prefix of ['+86', '0086', ...(isLong ? ['86'] : [])]) {
    if (digits.startsWith(prefix)) return withoutZero(digits.slice(prefix.length));
  }
  return withoutZero(digits);
}

function withoutZero(digits: string): string {
  return digits.startsWith('0') && digits.length > 4 ? digits.slice(1) : digits;
}
