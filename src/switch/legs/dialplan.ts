/**
 * What a dialled number does: the same as `freeswitch-conf/dialplan`, context by context. A test holds
 * the two together.
 */
import type { Step } from '../channel/channel.types.ts';

export interface Dialled {
  destination: string;
  /**
   * `trunks`: from outside; `agents`: a phone that proved who it is; `default`: a leg that we dialled;
   * `lingting`: by transfer only.
   */
  context: string;
  callerNumber: string;
  uuid: string;
  /** The hotline that the leg once dialled. */
  did: string | undefined;
  hotlines: ReadonlySet<string>;
}

/** Seconds that a new caller waits for the service, and that a leg survives without it. */
const defaults = { lt_first_wait: '8', lt_wait: '30' } as const;

/** What `freeswitch-conf/vars.xml` sets at the start. */
export function startingGlobals(): Map<string, string> {
  return new Map(Object.entries({ ...defaults, lt_driver: 'none' }));
}

export function stepsFor(dialled: Dialled): readonly Step[] {
  switch (dialled.context) {
    case 'agents':
      return agents;
    case 'lingting':
      return inside(dialled);
    case 'default':
      // A leg that we dialled and that is sent on.
      return waiting;
    default:
      return outside(dialled);
  }
}

function outside({ destination, hotlines, did }: Dialled): readonly Step[] {
  if (hotlines.has(destination)) {
    return [
      step('multiset', `^^;lt_did=${destination};playback_terminators=none`),
      step('answer'),
      step('sched_transfer', '+${lt_first_wait} lt_unattended XML lingting'),
      step('park'),
    ];
  }
  if (did === undefined) return [step('hangup', 'CALL_REJECTED')];
  // Accepted once, and sent elsewhere by an agent's telephone: the service looks where.
  return destination === 'lt_fax' ? [step('transfer', 'lt_fax XML lingting')] : waiting;
}

const waiting = [step('sched_transfer', '+${lt_wait} lt_unattended XML lingting'), step('park')];

const agents = [
  step('ring_ready'),
  step('sched_hangup', '+${lt_first_wait} NORMAL_TEMPORARY_FAILURE'),
  step('park'),
];

function inside({ destination, callerNumber, did, uuid }: Dialled): readonly Step[] {
  if (destination !== 'lt_unattended' && destination !== 'lt_fax') return waiting;
  const from = /^\+?(\d{1,20})$/.exec(callerNumber)?.[1] ?? '0';
  const file = `${/^\d{1,20}$/.test(did ?? '') ? did : '0'}-${from}-${uuid}`;
  const named = [step('set', `lt_from=${from}`), step('set', `lt_file=${file}`)];
  if (destination === 'lt_fax') {
    return [
      ...named,
      step('set', 'lt_unattended=fax'),
      step('answer'),
      step('playback', 'silence_stream://500'),
      step('rxfax', `\${lt_faxes}/in/${file}.tiff`),
      step('hangup'),
    ];
  }
  return [
    ...named,
    step('set', 'lt_unattended=true'),
    step('answer'),
    step('set', 'playback_terminators=none'),
    step('playback', '${lt_sounds}/unattended.wav'),
    step('set', 'playback_terminators=#'),
    step('playback', 'tone_stream://%(400,100,800)'),
    step('record', `'\${lt_recordings}/unattended/${file}.wav' 180 200 5`),
    step('set', 'playback_terminators=none'),
    step('playback', '${lt_sounds}/unattended-thanks.wav'),
    step('hangup'),
  ];
}

function step(application: string, argument = ''): Step {
  return { application, argument };
}
