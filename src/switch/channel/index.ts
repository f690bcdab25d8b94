/** Channels: what a leg is, does and says of itself, as FreeSWITCH would. Knows nothing of sockets. */
export { applicationNames } from './applications/applications.ts';
export { isTrue, splitArguments } from './arguments.ts';
export { connect, quietPark } from './applications/bridging.ts';
export { causeOf } from './causes.ts';
export { Channel } from './channel.ts';
export type { Message, Step } from './channel.types.ts';
export { conferenceCommand } from './applications/conference.ts';
export { displace, muteAudio, stopDisplacing } from './applications/displacing.ts';
export { createEventBus, type EventBus, type Headers, type SwitchEvent } from './events.ts';
export { channelHeaders, variableHeaders } from './headers.ts';
export { hold } from './applications/holding.ts';
export { startRecording } from './applications/playing.ts';
export { createTrunkList } from '../legs/trunk-list.ts';
export type { Gateway, Numbering } from './board.types.ts';
export { delayOf, scheduleHangup, scheduleTransfer } from './applications/scheduling.ts';
export { Switchboard } from './switchboard.ts';
