/** The telephone menu: flows as data, the machine that decides, the runner that does. */
export { shippedFlows } from './flows/main.ts';
export { FlowLibrary, publishFlows } from './published.ts';
export { FlowRunner } from './runner.ts';
export { validateFlow, FlowError } from './flow/validate.ts';
export { fixedUtterances, renderAhead } from './prompts.ts';
