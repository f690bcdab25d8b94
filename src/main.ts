import { startApp } from './app/app.ts';
import { ConfigError, loadConfig, terminalLanguage } from './config/config.ts';
import { AppError, messageOf } from './core/errors.ts';
import { logIgnored } from './core/ignore.ts';
import { createLog } from './core/log.ts';
import { demoHistoryOf } from './demo/index.ts';
import { createTell, phoneCommand } from './start-up.ts';

const began = Date.now();
const tell = createTell(terminalLanguage());

try {
  const config = loadConfig();
  const log = createLog(config.log);
  logIgnored(log);
  const app = await startApp(config, log, tell);
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    tell('stopping');
    void app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unexpected rejection'));
  tell('ready', { seconds: ((Date.now() - began) / 1000).toFixed(1) });
  const home = `http://${config.http.host}:${app.httpPort}/`;
  tell('open', { url: home });
  tell('api', { url: `${home}api/v1/health` });
  const running = app.runningCampaigns;
  if (running.length > 0) {
    const names = running.slice(0, 3).join('、') + (running.length > 3 ? ' …' : '');
    tell('campaigns', { count: running.length, names });
  }
  tell('dial', { port: app.sipPort });
  process.stdout.write(`     ${phoneCommand(app.sipPort)}\n`);
  await app.past;
  const madeUp = await demoHistoryOf(app.db);
  if (madeUp !== undefined) tell('demoHistory', { ...madeUp });
} catch (error) {
  const isOurs = error instanceof ConfigError || error instanceof AppError;
  process.stderr.write(isOurs ? `${messageOf(error)}\n` : `${String((error as Error).stack)}\n`);
  process.exit(1);
}
