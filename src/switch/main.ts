/**
 * The embedded switch as a program: `--config <file>`. It outlives the service that started it, with
 * its calls parked or bridged, reads its settings again on SIGHUP, and ends on SIGTERM or `fsctl shutdown`.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { messageOf } from '../core/errors.ts';
import { logIgnored } from '../core/ignore.ts';
import { createLog } from '../core/log.ts';
import { readSwitchConfig } from './config.ts';
import { openSwitch } from './switch.ts';

const { values } = parseArgs({ options: { config: { type: 'string' } } });
if (values.config === undefined) throw new Error('--config <file> is missing');
const path = values.config;
const log = createLog({ level: 'info', isPretty: false, isPiiHidden: false });
logIgnored(log);

// The service that reads our output may die; writing to it must not take us along.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.on('uncaughtException', (error) => log.error({ err: error }, 'unexpected error'));
process.on('unhandledRejection', (error) => log.error({ err: error }, 'unexpected rejection'));

const config = readSwitchConfig(path);
// From a service that found us running; before that there is nothing to reload, and a closed terminal ends no call.
let reload = (): void => undefined;
process.on('SIGHUP', () => {
  try {
    reload();
  } catch (error) {
    log.error({ reason: messageOf(error) }, 'settings not reloaded');
  }
});
let isClosing = false;
const onShutdown = (): void => {
  if (isClosing) return;
  isClosing = true;
  rmSync(config.readyFile, { force: true });
  void running.close().then(() => process.exit(0));
};
const running = await openSwitch(
  { config, reread: () => readSwitchConfig(path), onShutdown },
  log,
).catch((error: unknown) => {
  log.fatal({ err: error }, 'switch ports not opened');
  process.exit(1);
});
reload = () => running.reload();
process.on('SIGTERM', onShutdown);
process.on('SIGINT', onShutdown);

const ready = JSON.stringify({
  pid: process.pid,
  sipPort: running.sipPort,
  eslPort: running.eslPort,
  wsPort: running.wsPort,
});
writeFileSync(`${config.readyFile}.new`, ready, { mode: 0o600 });
renameSync(`${config.readyFile}.new`, config.readyFile);
log.info({ sipPort: running.sipPort, eslPort: running.eslPort }, 'switch ready');
