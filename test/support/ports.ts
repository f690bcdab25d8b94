import { checkPort } from '../../src/local/ports.ts';

/** Below the range from which the system hands out ports, so that no socket of a test takes it. */
export async function testPort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000);
    const at = { setting: 'test', host: '127.0.0.1', port };
    try {
      await checkPort({ ...at, protocol: 'tcp' });
      await checkPort({ ...at, protocol: 'udp' });
      return port;
    } catch {
      // Taken: another one.
    }
  }
}
