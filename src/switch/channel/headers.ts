import type { CallerProfile, CallState, ChannelState } from './channel.types.ts';
import { microseconds, type Headers } from './events.ts';

/** What events tell of a channel. */
export interface ChannelFacts {
  readonly uuid: string;
  readonly name: string;
  readonly direction: 'inbound' | 'outbound';
  readonly presenceId: string;
  readonly profile: CallerProfile;
  readonly state: ChannelState;
  readonly stateNumber: number;
  readonly callState: CallState;
  readonly answerState: string;
  readonly hangupCause: string | undefined;
  readonly codec: string | undefined;
  readonly variables: ReadonlyMap<string, string>;
  readonly isOriginator: boolean;
  readonly otherLeg: ChannelFacts | undefined;
  readonly times: Readonly<
    Record<
      | 'created'
      | 'answered'
      | 'progress'
      | 'progressMedia'
      | 'hangup'
      | 'transfer'
      | 'bridged'
      | 'held',
      number
    >
  >;
}

/** What every event about a channel says of it, in FreeSWITCH's words and order. */
export function channelHeaders(channel: ChannelFacts): Headers {
  const { codec } = channel;
  return [
    ['Channel-State', channel.state],
    ['Channel-Call-State', channel.callState],
    ['Channel-State-Number', String(channel.stateNumber)],
    ['Channel-Name', channel.name],
    ['Unique-ID', channel.uuid],
    ['Call-Direction', channel.direction],
    ['Presence-Call-Direction', channel.direction],
    ['Channel-HIT-Dialplan', String(channel.direction === 'inbound')],
    ['Channel-Presence-ID', channel.presenceId],
    ['Channel-Call-UUID', channel.variables.get('call_uuid') ?? channel.uuid],
    ['Answer-State', channel.answerState],
    ...(channel.hangupCause === undefined ? [] : [['Hangup-Cause', channel.hangupCause] as const]),
    ...(codec === undefined ? [] : codecHeaders(codec)),
    ...callerHeaders(channel),
    ...otherLegHeaders(channel),
  ];
}

export function variableHeaders(channel: ChannelFacts): Headers {
  return [...channel.variables].map(([name, value]) => [`variable_${name}`, value] as const);
}

function codecHeaders(codec: string): Headers {
  return (['Read', 'Write'] as const).flatMap((side) => [
    [`Channel-${side}-Codec-Name`, codec] as const,
    [`Channel-${side}-Codec-Rate`, '8000'] as const,
    [`Channel-${side}-Codec-Bit-Rate`, '64000'] as const,
  ]);
}

function callerHeaders(channel: ChannelFacts): Headers {
  return [
    ['Caller-Direction', channel.direction],
    ['Caller-Logical-Direction', channel.direction],
    ...profileHeaders('Caller', channel),
  ];
}

function otherLegHeaders(channel: ChannelFacts): Headers {
  const other = channel.otherLeg;
  if (other === undefined) return [];
  return [
    ['Other-Type', channel.isOriginator ? 'originatee' : 'originator'],
    ['Other-Leg-Direction', other.direction],
    ['Other-Leg-Logical-Direction', other.direction],
    ...profileHeaders('Other-Leg', other),
  ];
}

function profileHeaders(prefix: string, channel: ChannelFacts): Headers {
  const { profile, times } = channel;
  return [
    [`${prefix}-Username`, profile.username],
    [`${prefix}-Dialplan`, 'XML'],
    [`${prefix}-Caller-ID-Name`, profile.callerName],
    [`${prefix}-Caller-ID-Number`, profile.callerNumber],
    [`${prefix}-Orig-Caller-ID-Name`, profile.callerName],
    [`${prefix}-Orig-Caller-ID-Number`, profile.callerNumber],
    [`${prefix}-Network-Addr`, profile.networkAddress],
    [`${prefix}-ANI`, profile.callerNumber],
    [`${prefix}-Destination-Number`, profile.destination],
    [`${prefix}-Unique-ID`, channel.uuid],
    [`${prefix}-Source`, 'mod_sofia'],
    [`${prefix}-Context`, profile.context],
    [`${prefix}-Channel-Name`, channel.name],
    [`${prefix}-Profile-Index`, '1'],
    [`${prefix}-Profile-Created-Time`, microseconds(times.created)],
    [`${prefix}-Channel-Created-Time`, microseconds(times.created)],
    [`${prefix}-Channel-Answered-Time`, microseconds(times.answered)],
    [`${prefix}-Channel-Progress-Time`, microseconds(times.progress)],
    [`${prefix}-Channel-Progress-Media-Time`, microseconds(times.progressMedia)],
    [`${prefix}-Channel-Hangup-Time`, microseconds(times.hangup)],
    [`${prefix}-Channel-Transfer-Time`, microseconds(times.transfer)],
    [`${prefix}-Channel-Resurrect-Time`, '0'],
    [`${prefix}-Channel-Bridged-Time`, microseconds(times.bridged)],
    [`${prefix}-Channel-Last-Hold`, microseconds(times.held)],
    [`${prefix}-Channel-Hold-Accum`, '0'],
    [`${prefix}-Screen-Bit`, 'true'],
    [`${prefix}-Privacy-Hide-Name`, 'false'],
    [`${prefix}-Privacy-Hide-Number`, String(profile.isNumberPrivate === true)],
  ];
}
