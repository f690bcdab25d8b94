import { phoneAccounts } from '../api/index.ts';
import type { Config } from '../config/config.ts';
import { createSealer } from '../core/seal.ts';
import { directorySecret } from '../local/directory-secret.ts';
import { secretsKey } from '../local/secrets-key.ts';

/** Of the secrets in the database. */
export function sealerOf({ dataDir, secretsKey: given }: Config) {
  return createSealer(secretsKey(dataDir, given));
}

/** How telephones register. */
export function phonesOf(config: Config) {
  const { dataDir, ws, sip, demoPhones, outsideCalls } = config;
  return {
    account: phoneAccounts(ws.url ?? `ws://${ws.host}:${ws.port}`, sip.host),
    directorySecret: directorySecret(dataDir, config.directorySecret),
    ...{ demoPhones, outsideCalls },
  };
}

/** What carriers sign with. */
export function carrierSecrets({ messaging: { sms, mailSecret } }: Config) {
  return { receiptSecret: sms?.secret, mailSecret };
}
