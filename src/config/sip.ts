/** Settings of the embedded switch's SIP and event socket: TLS, browsers' origins, limits. */

export const srtpPolicies = ['off', 'offered', 'required'] as const;

/** `SIP_SRTP` in FreeSWITCH's words. */
export const srtpOnFreeswitch = {
  off: 'forbidden',
  offered: 'optional',
  required: 'mandatory',
} as const;

export interface SipSettings {
  /** SIP over TLS; undefined without a certificate. */
  tls: { port: number; certFile: string; keyFile: string } | undefined;
  /** Whether telephones over TLS are offered encrypted audio. */
  srtp: (typeof srtpPolicies)[number];
  /** Pages that may open SIP over WebSocket, besides those of the same host. */
  origins: readonly string[];
  /** Calls and legs of the embedded switch at a time. */
  maxSessions: number;
  limits: {
    callsPerSecond: number;
    trunkCallsPerSecond: number;
    liveCalls: number;
    unconfirmedCalls: number;
    connections: number;
    messagesPerSecond: number;
    trunkMessagesPerSecond: number;
    transactions: number;
    unfinishedSec: number;
    idleSec: number;
    wrongPasswords: number;
  };
  eventSocketLimits: { loginSec: number; unproven: number };
}

export const sipVariables = {
  SIP_TLS_PORT: '5061',
  SIP_TLS_CERT: '',
  SIP_TLS_KEY: '',
  SIP_SRTP: 'offered',
  SIP_WS_ORIGINS: '',
  SIP_SESSIONS: '2000',
  SIP_CALLS_PER_SECOND: '30',
  SIP_TRUNK_CALLS_PER_SECOND: '100',
  SIP_LIVE_CALLS: '200',
  SIP_UNCONFIRMED_CALLS: '120',
  SIP_CONNECTIONS: '50',
  SIP_MESSAGES_PER_SECOND: '300',
  SIP_TRUNK_MESSAGES_PER_SECOND: '3000',
  SIP_TRANSACTIONS: '2000',
  SIP_UNFINISHED_SEC: '10',
  SIP_IDLE_SEC: '120',
  SIP_WRONG_PASSWORDS: '60',
  ESL_LOGIN_SEC: '5',
  ESL_UNPROVEN: '16',
} as const;

export type SipVariable = keyof typeof sipVariables;

interface SipSettingsReader {
  optional(name: SipVariable): string | undefined;
  integer(name: SipVariable, min: number, max: number): number;
  port(name: SipVariable): number;
  oneOf(name: SipVariable, values: readonly string[]): string;
  fault(name: SipVariable, text: string): void;
}

export function readSip(read: SipSettingsReader): SipSettings {
  return {
    tls: readTls(read),
    srtp: read.oneOf('SIP_SRTP', srtpPolicies) as SipSettings['srtp'],
    origins: readOrigins(read),
    maxSessions: read.integer('SIP_SESSIONS', 4, 100_000),
    limits: {
      callsPerSecond: read.integer('SIP_CALLS_PER_SECOND', 1, 100_000),
      trunkCallsPerSecond: read.integer('SIP_TRUNK_CALLS_PER_SECOND', 1, 100_000),
      unconfirmedCalls: read.integer('SIP_UNCONFIRMED_CALLS', 1, 100_000),
      liveCalls: read.integer('SIP_LIVE_CALLS', 1, 100_000),
      connections: read.integer('SIP_CONNECTIONS', 1, 2000),
      messagesPerSecond: read.integer('SIP_MESSAGES_PER_SECOND', 10, 1_000_000),
      trunkMessagesPerSecond: read.integer('SIP_TRUNK_MESSAGES_PER_SECOND', 10, 1_000_000),
      transactions: read.integer('SIP_TRANSACTIONS', 10, 1_000_000),
      unfinishedSec: read.integer('SIP_UNFINISHED_SEC', 1, 600),
      idleSec: read.integer('SIP_IDLE_SEC', 1, 86_400),
      wrongPasswords: read.integer('SIP_WRONG_PASSWORDS', 1, 10_000),
    },
    eventSocketLimits: {
      loginSec: read.integer('ESL_LOGIN_SEC', 1, 600),
      unproven: read.integer('ESL_UNPROVEN', 1, 60),
    },
  };
}

function readTls(read: SipSettingsReader): SipSettings['tls'] {
  const certFile = read.optional('SIP_TLS_CERT');
  const keyFile = read.optional('SIP_TLS_KEY');
  const port = read.port('SIP_TLS_PORT');
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined) read.fault('SIP_TLS_CERT', 'must be set when SIP_TLS_KEY is');
  if (keyFile === undefined) read.fault('SIP_TLS_KEY', 'must be set when SIP_TLS_CERT is');
  return { port, certFile: certFile ?? '', keyFile: keyFile ?? '' };
}

function readOrigins(read: SipSettingsReader): string[] {
  const origins = read.optional('SIP_WS_ORIGINS')?.split(',') ?? [];
  return origins.map((one) => {
    const origin = one.trim();
    const url = origin.includes('://') ? origin : `https://${origin}`;
    if (origin !== '*' && (origin === '' || !URL.canParse(url))) {
      read.fault(
        'SIP_WS_ORIGINS',
        `has "${origin}"; use https://hotline.example.com, a host, or *`,
      );
    }
    return origin;
  });
}
