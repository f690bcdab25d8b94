/** Sum of two frames, clipped. */
export function mixInto(into: Int16Array, a: Int16Array, b: Int16Array): void {
  for (let index = 0; index < into.length; index += 1) {
    const sum = (a[index] ?? 0) + (b[index] ?? 0);
    into[index] = sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : sum;
  }
}
