import { legVariable, ownApplication } from '../call/recovery.ts';

/** What we want to hear of from a switch; everything else costs it and us for nothing. */
export const watchedEvents = [
  'CHANNEL_PARK',
  'CHANNEL_ANSWER',
  'CHANNEL_EXECUTE_COMPLETE',
  'CHANNEL_HANGUP_COMPLETE',
  'CHANNEL_BRIDGE',
  'CHANNEL_UNBRIDGE',
  'BACKGROUND_JOB',
  'DTMF',
  'HEARTBEAT',
] as const;

/**
 * An event is 6 kB, and a dialplan runs half a dozen applications: of a leg that came in, only the end of our own
 * ones is told, and its answer with whatever comes next. A leg that the switch leads by itself tells of everything.
 */
const filtered: readonly string[] = ['CHANNEL_EXECUTE_COMPLETE', 'CHANNEL_ANSWER'];

export const eventFilters: readonly string[] = [
  ...watchedEvents.filter((name) => !filtered.includes(name)).map((name) => `Event-Name ${name}`),
  'Call-Direction outbound',
  `Application-UUID /^${ownApplication}/`,
  `variable_${legVariable.unattended} true`,
  `variable_${legVariable.unattended} fax`,
];
