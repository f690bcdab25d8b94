/** The embedded switch. Only `main`, scripts and tests import it; the product reaches it by sockets. */
export { switchConfigSchema, type SwitchConfig } from './config.ts';
export { openSwitch, type Switch } from './switch.ts';
export { noDirectory } from './directory/index.ts';
export { createMedia, type Media, type MediaSession } from './rtp/index.ts';
export { createUserAgent, type SipUserAgent } from './sip/index.ts';
