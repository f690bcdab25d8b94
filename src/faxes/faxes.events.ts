export interface FaxEvents {
  'fax.ended': { faxId: string; state: 'sent' | 'failed'; reason: string | null };
}
