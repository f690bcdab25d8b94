/** Safari says of the key that ends a word that nothing is composed, and gives it the code 229. Pure. */
export function isComposing({
  isComposing: isOpen,
  keyCode,
}: {
  isComposing: boolean;
  keyCode: number;
}): boolean {
  return isOpen || keyCode === 229;
}
