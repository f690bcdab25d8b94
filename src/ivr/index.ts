/** The telephone menu: flows as data, the machine that decides, the runner that does. */
export { spokenDebt } from './debts.ts';
export { shippedFlows } from './shipped/main.ts';
export { FlowRunner } from './runner.ts';
export { UnattendedMessages } from './unattended/messages.ts';
export { writeUnattendedSounds } from './unattended/sounds.ts';
export { prepareAhead } from './ahead.ts';
export { articleUtterances } from './articles.ts';
export { fixedUtterances, renderAhead } from './prompts.ts';
export type { OutboundGuide, OutboundScript } from './outbound.types.ts';
export { campaignFlows } from './shipped/campaigns.ts';
