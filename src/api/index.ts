/** REST for staff and programs. */
export { openApi, type Api } from './server.ts';
export { removeOldIdempotencyKeys } from './plugins/idempotency-keys.ts';
export { phoneAccounts } from './routes/phones.ts';
