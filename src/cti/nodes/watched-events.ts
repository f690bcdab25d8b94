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
