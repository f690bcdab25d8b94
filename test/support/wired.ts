import type { Test } from 'tap';
import { openTrunkPhone } from './callee.ts';
import { openEslProxy } from './esl-proxy.ts';
import { startService } from './service.ts';
import { startSwitch } from './switch.ts';

/** A service and its switch with a wire between them that can be cut, and telephones behind a trunk. */
export async function startWired(t: Test) {
  const phone = await openTrunkPhone('answer');
  const sw = await startSwitch({ gateways: { trunk: { host: '127.0.0.1', port: phone.port } } });
  const wire = await openEslProxy(sw.address);
  const service = await startService(
    { ESL_URLS: wire.url, TRUNKS: `trunk=127.0.0.1:${phone.port}` },
    { sipPort: sw.sipPort },
  );
  t.teardown(async () => {
    await service.stop();
    await phone.close();
    wire.close();
    await sw.close();
  });
  return { phone, sw, wire, service };
}
