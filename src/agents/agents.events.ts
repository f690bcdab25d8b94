export interface AgentsEvents {
  'queue.created': { queueId: string };
  /** Its settings, or who serves it. */
  'queue.changed': { queueId: string };
  'queue.removed': { queueId: string };
}
