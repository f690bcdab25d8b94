/** Hang-up causes by their FreeSWITCH names: Q.850 code and the SIP status that says it. */
const table = {
  NONE: [0, 480],
  UNALLOCATED_NUMBER: [1, 404],
  NO_ROUTE_DESTINATION: [3, 404],
  NORMAL_CLEARING: [16, 480],
  USER_BUSY: [17, 486],
  NO_USER_RESPONSE: [18, 408],
  NO_ANSWER: [19, 480],
  SUBSCRIBER_ABSENT: [20, 480],
  CALL_REJECTED: [21, 603],
  NUMBER_CHANGED: [22, 410],
  DESTINATION_OUT_OF_ORDER: [27, 502],
  INVALID_NUMBER_FORMAT: [28, 484],
  FACILITY_REJECTED: [29, 501],
  NORMAL_UNSPECIFIED: [31, 480],
  NORMAL_CIRCUIT_CONGESTION: [34, 503],
  NETWORK_OUT_OF_ORDER: [38, 502],
  NORMAL_TEMPORARY_FAILURE: [41, 503],
  SWITCH_CONGESTION: [42, 503],
  REQUESTED_CHAN_UNAVAIL: [44, 503],
  BEARERCAPABILITY_NOTAVAIL: [58, 488],
  BEARERCAPABILITY_NOTIMPL: [65, 488],
  CHAN_NOT_IMPLEMENTED: [66, 480],
  INCOMPATIBLE_DESTINATION: [88, 488],
  RECOVERY_ON_TIMER_EXPIRE: [102, 504],
  MANDATORY_IE_MISSING: [96, 480],
  INTERWORKING: [127, 480],
  ORIGINATOR_CANCEL: [487, 487],
  LOSE_RACE: [502, 480],
  MANAGER_REQUEST: [503, 480],
  BLIND_TRANSFER: [600, 480],
  ATTENDED_TRANSFER: [601, 480],
  ALLOTTED_TIMEOUT: [602, 480],
  MEDIA_TIMEOUT: [604, 480],
  PICKED_OFF: [605, 480],
  USER_NOT_REGISTERED: [606, 480],
  PROGRESS_TIMEOUT: [607, 480],
  INVALID_GATEWAY: [608, 480],
  GATEWAY_DOWN: [609, 480],
} as const satisfies Record<string, readonly [q850: number, sip: number]>;

export type Cause = keyof typeof table;

export function isCause(name: string): name is Cause {
  return Object.hasOwn(table, name);
}

/** The cause that a command names, by word or by number. */
export function causeOf(text: string | undefined): Cause {
  const name = (text ?? '').trim().toUpperCase();
  if (isCause(name)) return name;
  return causeOfQ850(Number(name)) ?? 'NORMAL_CLEARING';
}

export function q850Of(cause: Cause): number {
  return table[cause][0];
}

/** The final response that refuses a call for this cause. */
export function sipStatusOf(cause: Cause): number {
  return table[cause][1];
}

export function causeOfQ850(code: number | undefined): Cause | undefined {
  if (code === undefined || code === 0) return undefined;
  for (const [name, [q850]] of Object.entries(table)) if (q850 === code) return name as Cause;
  return undefined;
}

const bySipStatus: Readonly<Record<number, Cause>> = {
  200: 'NORMAL_CLEARING',
  // A redirection, which is not followed (`outbound_redirect_fatal` on FreeSWITCH).
  300: 'REQUESTED_CHAN_UNAVAIL',
  301: 'REQUESTED_CHAN_UNAVAIL',
  302: 'REQUESTED_CHAN_UNAVAIL',
  305: 'REQUESTED_CHAN_UNAVAIL',
  401: 'CALL_REJECTED',
  402: 'CALL_REJECTED',
  403: 'CALL_REJECTED',
  404: 'UNALLOCATED_NUMBER',
  407: 'CALL_REJECTED',
  408: 'RECOVERY_ON_TIMER_EXPIRE',
  410: 'NUMBER_CHANGED',
  480: 'NO_USER_RESPONSE',
  484: 'INVALID_NUMBER_FORMAT',
  485: 'NO_ROUTE_DESTINATION',
  486: 'USER_BUSY',
  487: 'ORIGINATOR_CANCEL',
  488: 'INCOMPATIBLE_DESTINATION',
  500: 'NORMAL_TEMPORARY_FAILURE',
  502: 'NETWORK_OUT_OF_ORDER',
  503: 'NORMAL_TEMPORARY_FAILURE',
  504: 'RECOVERY_ON_TIMER_EXPIRE',
  600: 'USER_BUSY',
  603: 'CALL_REJECTED',
  604: 'NO_ROUTE_DESTINATION',
  606: 'INCOMPATIBLE_DESTINATION',
};

export function causeOfSip(status: number): Cause {
  // A telephone that names another place: nobody is sent there, and it has not answered.
  if (status >= 300 && status < 400) return 'REQUESTED_CHAN_UNAVAIL';
  return bySipStatus[status] ?? 'NORMAL_UNSPECIFIED';
}
