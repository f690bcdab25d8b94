/** The telephone menu: flows as data, the machine that decides, the runner that does. */
export { spokenDebt } from './debts.ts';
export { shippedFlows } from './flows/main.ts';
export { FlowLibrary, publishFlows } from './published.ts';
export { FlowRunner } from './runner.ts';
export { validateFlow, FlowError } from './flow/validate.ts';
export { UnattendedMessages } from './unattended/messages.ts';
export { writeUnattendedSounds } from './unattended/sounds.ts';
export { prepareAhead } from './ahead.ts';
export { articleUtterances, type Texts } from './articles.ts';
export { fixedUtterances, renderAhead } from './prompts.ts';
export type { OutboundGuide, OutboundScript } from './outbound.types.ts';
export type { CampaignAction, FlowState, Outcome, Vars } from './flow/state.types.ts';
export type { Flow } from './flow/definition.schema.ts';
export { campaignFlows } from './flows/campaigns.ts';
export { spokenTexts, type SpokenTexts } from './flow/spoken.ts';
export { addFlowVersion, publishFlowVersion } from './versions.ts';
export {
  FlowNotFoundError,
  FlowVersionKnownError,
  FlowVersionNotFoundError,
} from './flow.errors.ts';
