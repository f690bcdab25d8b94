import path from 'node:path';
import { phoneAccounts } from '../api/index.ts';
import type { Config } from '../config/config.ts';
import { createSealer } from '../core/seal.ts';
import { directorySecret } from '../local/directory-secret.ts';
import { secretsKey } from '../local/secrets-key.ts';
import type { WritingParts } from './job-handlers.ts';

/** What the API is told of the settings. */
export function apiSettings(config: Config, { messaging, smsSign, paymentUrl }: WritingParts) {
  const { dataDir, ws, sip } = config;
  return {
    faxesDir: path.join(dataDir, 'faxes'),
    sealer: createSealer(secretsKey(dataDir, config.secretsKey)),
    realtime: config.guards.screens,
    phones: phoneAccounts(ws.url ?? `ws://${ws.host}:${ws.port}`, sip.host),
    directorySecret: directorySecret(dataDir, config.directorySecret),
    demoPhones: config.demoPhones,
    outsideCalls: config.outsideCalls,
    messaging: {
      ...{ messages: messaging, smsSign, paymentUrl },
      receiptSecret: config.messaging.sms?.secret,
      mailSecret: config.messaging.mailSecret,
    },
  };
}
