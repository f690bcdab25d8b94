/** The telephone menu: flows as data, the machine that decides, the runner that does. */
export { spokenDebt } from './debts.ts';
export { shippedFlows } from './shipped/main.ts';
export { FlowLibrary, publishFlows } from '../content/flows/published.ts';
export { FlowRunner } from './runner.ts';
export { validateFlow, FlowError } from '../content/flows/validate.ts';
export { UnattendedMessages } from './unattended/messages.ts';
export { writeUnattendedSounds } from './unattended/sounds.ts';
export { prepareAhead } from './ahead.ts';
export { articleUtterances, type Texts } from './articles.ts';
export { fixedUtterances, renderAhead } from './prompts.ts';
export type { OutboundGuide, OutboundScript } from './outbound.types.ts';
export type { CampaignAction, FlowState, Outcome, Vars } from '../content/flows/state.types.ts';
export type { Flow } from '../content/flows/definition.schema.ts';
export { campaignFlows } from './shipped/campaigns.ts';
export { spokenTexts, type SpokenTexts } from '../content/flows/spoken.ts';
export { addFlowVersion, publishFlowVersion } from '../content/flows/versions.ts';
export {
  FlowNotFoundError,
  FlowVersionKnownError,
  FlowVersionNotFoundError,
} from '../content/flows/flow.errors.ts';
