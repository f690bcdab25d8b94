/** REST for staff and programs. */
export { openApi, type Api } from './server.ts';
export { phoneAccounts } from './routes/agents/phones.ts';
export * as wings from './routes/wings.ts';
