import { messageOf } from '../../core/errors.ts';
import type { Negotiation } from '../rtp/index.ts';
import { causeOfQ850, causeOfSip, q850Of, type Cause } from '../channel/causes.ts';
import { Channel } from '../channel/channel.ts';
import { DialStringError, parseDialString, type DialTarget } from './dial-string.ts';
import { mediaFor, resolveTarget, type Reachable, type Target } from './dial-targets.ts';
import { attachSession, openMedia, setRemote } from './leg-media.ts';
import { mayTryPlain, srtpFor } from './srtp-policy.ts';
import type { Board } from '../channel/board.types.ts';
import { timerMs } from '../channel/waiting.ts';

export interface DialOptions {
  dialString: string;
  /** The leg that asked (`bridge`): its leaving cancels the rest. */
  originator?: Channel;
  signal?: AbortSignal;
  timeoutSec?: number;
  callerName?: string;
  callerNumber?: string;
}

export interface DialResult {
  /** The leg that answered first, or undefined with the cause. */
  channel: Channel | undefined;
  cause: Cause;
}

/** Tries each alternative in turn; within one, all ring together and the first answer wins. */
export async function dial(board: Board, options: DialOptions): Promise<DialResult> {
  let cause: Cause = 'DESTINATION_OUT_OF_ORDER';
  let plan;
  try {
    plan = parseDialString(options.dialString);
  } catch (error) {
    if (error instanceof DialStringError) return { channel: undefined, cause };
    throw error;
  }
  for (const group of plan) {
    const result = await dialGroup(board, group, options);
    if (result.channel !== undefined) return result;
    cause = result.cause;
    if (options.signal?.aborted === true) return { channel: undefined, cause: 'ORIGINATOR_CANCEL' };
  }
  return { channel: undefined, cause };
}

async function dialGroup(
  board: Board,
  group: readonly DialTarget[],
  options: DialOptions,
): Promise<DialResult> {
  const legs: Channel[] = [];
  return new Promise((resolve) => {
    let open = 0;
    let isDone = false;
    let last: Cause = 'NORMAL_TEMPORARY_FAILURE';
    const finish = (channel: Channel | undefined, cause: Cause, forOthers: Cause) => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', cancel);
      for (const leg of legs) if (leg !== channel) abandon(leg, forOthers);
      resolve({ channel, cause });
    };
    const cancel = () => finish(undefined, 'ORIGINATOR_CANCEL', 'ORIGINATOR_CANCEL');
    const timeoutSec =
      options.timeoutSec ??
      Number(
        group[0]?.variables.get('originate_timeout') ??
          options.originator?.variables.get('call_timeout') ??
          group[0]?.variables.get('call_timeout') ??
          60,
      );
    const timer = setTimeout(
      () => finish(undefined, 'NO_ANSWER', 'NO_ANSWER'),
      timerMs(Math.max(1, timeoutSec || 60) * 1000),
    );
    options.signal?.addEventListener('abort', cancel, { once: true });
    const failed = (cause: Cause) => {
      last = cause;
      open -= 1;
      if (open === 0) finish(undefined, last, last);
    };
    const start = (targets: readonly Target[]) => {
      open = targets.length;
      if (targets.length === 0) finish(undefined, last, last);
      for (const target of targets) {
        if ('cause' in target) {
          failed(target.cause);
          continue;
        }
        void ring(board, target, options, {
          onLeg: (leg) => legs.push(leg),
          onAnswer: (leg) => finish(leg, 'NORMAL_CLEARING', 'LOSE_RACE'),
          onFailed: failed,
          isDone: () => isDone,
        });
      }
    };
    void Promise.all(group.map((target) => resolveTarget(board, target))).then((found) => {
      if (!isDone) start(found.flat());
    });
  });
}

function abandon(leg: Channel, cause: Cause): void {
  leg.hangup(cause);
  leg.finish();
}

interface RingEvents {
  onLeg: (leg: Channel) => void;
  onAnswer: (leg: Channel) => void;
  onFailed: (cause: Cause) => void;
  isDone: () => boolean;
}

async function ring(
  board: Board,
  target: Reachable,
  options: DialOptions,
  events: RingEvents,
): Promise<void> {
  const channel = outboundChannel(board, target, options);
  events.onLeg(channel);
  board.add(channel);
  channel.publish('CHANNEL_OUTGOING');
  channel.enter('CS_INIT');
  channel.publish('CHANNEL_CREATE');
  channel.publish('CHANNEL_ORIGINATE');
  channel.enter('CS_ROUTING');
  channel.setCallState('DIALING');
  let isOver = false;
  const fail = (cause: Cause) => {
    if (isOver) {
      // It was taken for its early audio, and runs on its own by now.
      channel.hangup(cause);
      return;
    }
    isOver = true;
    clearTimeout(legTimer);
    abandon(channel, cause);
    events.onFailed(cause);
  };
  const take = () => {
    if (isOver) return;
    isOver = true;
    clearTimeout(legTimer);
    events.onAnswer(channel);
  };
  const legTimeoutSec = Number(target.variables.get('leg_timeout') ?? 0);
  const legTimer =
    legTimeoutSec > 0
      ? setTimeout(() => fail('ALLOTTED_TIMEOUT'), timerMs(legTimeoutSec * 1000))
      : undefined;
  if (target.isUnattended === true) {
    channel.onHangup = fail;
    ringing(channel);
    return;
  }
  let negotiation: Negotiation;
  let offer: string;
  try {
    negotiation = await openMedia(board, channel, mediaFor(target));
    offer = await negotiation.offer();
  } catch (error) {
    board.log.warn(
      { legId: channel.uuid, reason: messageOf(error) },
      'no media for an outgoing leg',
    );
    fail('SWITCH_CONGESTION');
    return;
  }
  if (events.isDone() || channel.isGone) {
    fail(channel.hangupCause ?? 'ORIGINATOR_CANCEL');
    return;
  }
  invite(board, channel, target, {
    offer,
    negotiation,
    taken: take,
    fail,
  });
}

function ringing(channel: Channel): void {
  if (channel.isGone || channel.callState !== 'DIALING') return;
  channel.times.progress ||= Date.now();
  channel.publish('CHANNEL_PROGRESS');
  channel.setCallState('RINGING');
}

function invite(
  board: Board,
  channel: Channel,
  target: Reachable,
  {
    offer,
    negotiation,
    taken: take,
    fail,
    isPlain = false,
  }: {
    offer: string;
    /** The second try, without encryption. */
    isPlain?: boolean;
    negotiation: Negotiation;
    /** Answered, or its early audio is wanted. */
    taken: () => void;
    fail: (cause: Cause) => void;
  },
): void {
  const { profile } = channel;
  const session = board.agent.invite({
    uri: target.uri,
    ...(target.to === undefined ? {} : { to: target.to }),
    from: { user: profile.callerNumber || 'anonymous', displayName: profile.callerName },
    sdp: offer,
    headers: extraHeaders(channel),
    ...(target.flow === undefined ? {} : { flow: target.flow }),
    ...(target.credentials === undefined ? {} : { credentials: target.credentials }),
  });
  channel.session = session;
  channel.variables.set('sip_call_id', session.sipCallId);
  channel.onHangup = (cause) => {
    session.hangup({
      q850: causeOfQ850(16) === cause ? 16 : Number(channel.variables.get('hangup_cause_q850')),
    });
    if (channel.times.answered === 0) fail(cause);
  };
  attachSession(board, channel, session);
  const whenEnded = session.onEnded;
  session.onEnded = (end) => {
    if (channel.isAnswered) {
      whenEnded(end);
      return;
    }
    if (end.by === 'local') return;
    if (!isPlain && end.by === 'remote' && maySpeakPlainly(board, target, end.status)) {
      inviteAgain(board, channel, target, { negotiation, taken: take, fail });
      return;
    }
    const cause = causeOfQ850(end.q850) ?? causeOfSip(end.status);
    if (end.by === 'remote') {
      channel.variables.set('sip_term_status', String(end.status));
      channel.variables.set('proto_specific_hangup_cause', `sip:${end.status}`);
      channel.variables.set('sip_term_cause', String(q850Of(cause)));
      channel.variables.set('sip_hangup_disposition', 'recv_refuse');
    }
    fail(cause);
  };
  // An early answer and the final one are mostly the same; each is taken once, in order.
  let taken = '';
  let taking = Promise.resolve(true);
  const accept = (sdp: string): Promise<boolean> => {
    if (sdp === taken) return taking;
    taken = sdp;
    taking = taking.then(async () => {
      try {
        setRemote(channel, await negotiation.accept(sdp), sdp);
        return true;
      } catch (error) {
        board.log.warn(
          { legId: channel.uuid, reason: messageOf(error) },
          'answer without usable media',
        );
        return false;
      }
    });
    return taking;
  };
  session.onProgress = (status, sdp) => {
    if (status < 180 || channel.isGone) return;
    channel.times.progress = Date.now();
    if (sdp === undefined) ringing(channel);
    else {
      void accept(sdp).then((isAccepted) => {
        if (!isAccepted) {
          ringing(channel);
          return;
        }
        channel.markEarly();
        if (!channel.isTrue('ignore_early_media')) take();
      });
    }
  };
  session.onAnswer = (sdp) => {
    if (sdp === '') {
      fail('INCOMPATIBLE_DESTINATION');
      return;
    }
    void accept(sdp).then((isAccepted) => {
      if (channel.isGone) return;
      if (!isAccepted) {
        fail('INCOMPATIBLE_DESTINATION');
        return;
      }
      channel.markEarly();
      channel.markAnswered();
      take();
    });
  };
}

function maySpeakPlainly(board: Board, target: Reachable, status: number): boolean {
  const { kind, transport } = mediaFor(target);
  return kind === 'plain' && mayTryPlain(srtpFor(board.srtp, transport), status);
}

/** A telephone that takes no encrypted audio is asked once more, in the clear. */
function inviteAgain(
  board: Board,
  channel: Channel,
  target: Reachable,
  ways: { negotiation: Negotiation; taken: () => void; fail: (cause: Cause) => void },
): void {
  channel.log.info({ channel: channel.uuid }, 'SRTP refused by the telephone, asked again without');
  ways.negotiation.offer({ isPlain: true }).then(
    (offer) => {
      if (!channel.isGone) invite(board, channel, target, { ...ways, offer, isPlain: true });
    },
    (error: unknown) => {
      channel.log.warn({ reason: messageOf(error) }, 'offer failed');
      ways.fail('INCOMPATIBLE_DESTINATION');
    },
  );
}

function outboundChannel(board: Board, target: Reachable, options: DialOptions): Channel {
  const { variables } = target;
  const { originator } = options;
  const uuid = variables.get('origination_uuid');
  const channel = new Channel(
    {
      ...(uuid === undefined || board.channels.has(uuid) ? {} : { uuid }),
      direction: 'outbound',
      name: target.label,
      presenceId: `${target.user}@${board.domain}`,
      profile: {
        username: target.user,
        callerName:
          options.callerName ??
          variables.get('origination_caller_id_name') ??
          originator?.profile.callerName ??
          '',
        callerNumber:
          options.callerNumber ??
          variables.get('origination_caller_id_number') ??
          originator?.profile.callerNumber ??
          '0000000000',
        networkAddress: board.host,
        destination: target.user,
        context: 'default',
      },
    },
    board.context,
  );
  channel.isOwnPhone = target.isOwnPhone === true;
  for (const [name, value] of variables) channel.setVariable(name, value);
  if (originator !== undefined) {
    channel.otherLeg = originator;
    channel.variables.set('call_uuid', originator.uuid);
    channel.variables.set('originator', originator.uuid);
  }
  channel.variables.set('channel_name', channel.name);
  return channel;
}

/** `sip_h_X-Name` variables become headers of the INVITE. */
function extraHeaders(channel: Channel): [string, string][] {
  return [...channel.variables].flatMap(([name, value]): [string, string][] =>
    /^sip_h_[A-Za-z][A-Za-z0-9-]*$/.test(name)
      ? [[name.slice(6), value.replaceAll(/[\r\n]/g, ' ')]]
      : [],
  );
}
