export interface OutboundEvents {
  'campaign.changed': { campaignId: string; from: string | null; to: string };
  /** At most one a second and campaign, while something happens. */
  'campaign.progressed': {
    campaignId: string;
    contacts: Record<string, number>;
    results: Record<string, number>;
    lines: number;
  };
  'attempt.started': { attemptId: string; campaignId: string; contactId: string; callId: string };
  'attempt.ended': { attemptId: string; campaignId: string; contactId: string; result: string };
  'contact.changed': { contactId: string; campaignId: string; from: string; to: string };
  'debt.promised': { roomId: string; callId: string; promisedOn: string; owedFen: number };
}
