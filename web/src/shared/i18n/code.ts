/** The six digits of an authenticator app, however they were typed or pasted. Pure. */
export function onlyDigits(text: string): string {
  return text.normalize('NFKC').replaceAll(/\D/g, '').slice(0, 6);
}
