/**
 * Whether a test file is meant by what somebody typed: `call` is a suite, `call/hotline` a file, and so is
 * `test/call/hotline.test.ts`, as a shell completes it. `name` is relative to `test`.
 */
export function isMeant(name: string, wish: string): boolean {
  const plain = wish
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)?(?:test\/)?/, '')
    .replace(/(?:\/|\.test\.ts|\.ts)$/, '');
  const file = name.replaceAll('\\', '/');
  return plain !== '' && (file.startsWith(`${plain}/`) || file === `${plain}.test.ts`);
}
