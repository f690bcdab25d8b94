/** Rows of the REST API, as its routes answer them. */
export interface WorkOrder {
  id: string;
  number: string;
  kind: string;
  category: string;
  state: string;
  severity: 'minor' | 'serious';
  source: string;
  estateId: string;
  roomId: string | null;
  personId: string | null;
  callId: string | null;
  contactNumber: string;
  language: 'zh-CN' | 'en';
  summary: string;
  createdAt: string;
  updatedAt: string;
  dueAt?: string | null;
  roomLabel?: string | null;
  personName?: string | null;
  department?: string | null;
  recordings: OrderRecording[];
}

export interface OrderRecording {
  id: string;
  purpose: string;
  durationMs: number | null;
}

export interface WorkOrderEvent {
  kind?: 'transition' | 'note' | 'edit';
  fromState: string | null;
  toState: string;
  actor: string;
  actorName?: string | null;
  note: string;
  at: string;
}

export interface WorkOrderDetail extends WorkOrder {
  events: WorkOrderEvent[];
  /** States it may go to next, where the service says so. */
  nextStates?: string[];
}

export interface Person {
  id: string;
  name: string;
  language: 'zh-CN' | 'en';
  isVip: boolean;
  notes: string;
  numbers: string[];
}

export interface PersonHome {
  occupancyId: string;
  roomId: string;
  label: string;
  estateId: string;
  estateName: string;
  estateNameEn: string;
  role: 'owner' | 'tenant' | 'family';
  validFrom: string;
  validTo: string | null;
}

/** Everything about a person on one page. */
export interface PersonDetail {
  id: string;
  name: string;
  language: 'zh-CN' | 'en';
  isVip: boolean;
  hasPin: boolean;
  notes: string;
  phones: { id: string; number: string; isPrimary: boolean }[];
  homes: PersonHome[];
  unpaidFen: number;
  bills: Bill[];
  openOrders: {
    number: string;
    kind: string;
    category: string;
    state: string;
    severity: string;
    summary: string;
    roomId: string | null;
    createdAt: string;
  }[];
  lastCalls: Pick<
    Call,
    'id' | 'direction' | 'callerNumber' | 'startedAt' | 'endedAt' | 'outcome'
  >[];
}

export interface Bill {
  id: string;
  roomId: string;
  kind: string;
  period: string;
  amountFen: number;
  paidFen: number;
  dueOn: string;
}

export interface Call {
  id: string;
  direction: 'inbound' | 'outbound';
  state: string;
  did: string;
  estateId: string | null;
  callerNumber: string;
  language: 'zh-CN' | 'en';
  personId: string | null;
  personName?: string | null;
  roomId: string | null;
  flowId: string | null;
  flowVersion: number | null;
  startedAt: string;
  answeredAt: string | null;
  endedAt: string | null;
  hangupCause: string | null;
  outcome: string | null;
}

export interface CallEvent {
  seq: number;
  at: string;
  kind: string;
  data: Record<string, unknown>;
}

export interface CallDetail extends Call {
  events: CallEvent[];
}

export interface Recording {
  id: string;
  callId: string;
  workOrderId: string | null;
  purpose: string;
  state: string;
  channels: number;
  startedAt: string;
  endedAt: string | null;
  durationMs: number | null;
  bytes: number | null;
}
