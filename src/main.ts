import { startApp } from './app.ts';
import { ConfigError, loadConfig } from './config.ts';
import { AppError, messageOf } from './core/errors.ts';
import { createLog } from './core/log.ts';

const began = Date.now();
const tell = (what: string): void => void process.stdout.write(`聆听 · ${what}\n`);

try {
  const config = loadConfig();
  const log = createLog(config.log);
  const app = await startApp(config, log, tell);
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    tell('stopping; press Ctrl-C again to leave at once');
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
  tell(`ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  tell(`open http://${config.http.host}:${app.httpPort}/ in a browser`);
  tell(`API: http://${config.http.host}:${app.httpPort}/api/v1/health`);
  tell(`dial the hotline 4000 at 127.0.0.1:${app.sipPort}, for example:`);
  tell('npm run phone -- 4000 --from 13800000001 --keys "!2,!1,speak,#,listen,hangup"');
} catch (error) {
  const isOurs = error instanceof ConfigError || error instanceof AppError;
  process.stderr.write(isOurs ? `${messageOf(error)}\n` : `${String((error as Error).stack)}\n`);
  process.exit(1);
}
