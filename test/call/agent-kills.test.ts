import t, { type Test } from 'tap';
import type { Caller } from '../../scripts/phone/caller.ts';
import type { DeskCall } from '../../src/contract/agents/agents.ts';
import { everyRowClosed } from '../support/calls.ts';
import type { TakenCall } from '../support/callee.ts';
import { openTalks } from '../support/talks.ts';
import { logged } from '../support/trouble.ts';
import { until } from '../support/until.ts';
import { startWired } from '../support/wired.ts';

/**
 * The service dies, and the wire to the switch is cut, while callers are on hold, in a consultation, in a
 * conference, and while an agent wraps up; all at once, so that one restart shows all of it.
 */
void t.test('a service that dies in the middle of what agents do', async (t) => {
  const { phone, sw, wire, service } = await startWired(t);
  const talks = openTalks(service, phone);
  const { act, desk, hears, inMode } = talks;

  const agents = [1, 2, 3, 4, 5, 6].map((one) => `agent${one}`);
  const numberOf = (who: string) => `900${who.slice(-1)}`;
  const toneOf = (who: string) => 500 + 150 * Number(who.slice(-1));
  for (const who of agents) await talks.seat(who, numberOf(who));
  const ids = Object.fromEntries(
    await Promise.all(agents.map(async (who) => [who, await talks.staffId(who)] as const)),
  );

  /** Who talks in what, and the audio of each. */
  interface Story {
    caller: Caller;
    hz: number;
    callId: string;
    phones: Record<string, TakenCall>;
  }
  const numbers = ['13712340001', '13712340002', '13712340003', '13712340004'];
  const begin = async (leads: readonly string[]): Promise<Record<string, Story>> => {
    for (const who of leads) await talks.free(who);
    const callers = await Promise.all(
      leads.map((_, at) => talks.comes(numbers[at] ?? '', 1600 + 200 * at)),
    );
    const stories = await Promise.all(
      leads.map(async (who) => {
        const { callId, pop } = await inMode(who, 'talking');
        // Numbers are masked for agents.
        const at = numbers.findIndex((one) => one.slice(-4) === pop.callerNumber.slice(-4));
        const taken = await talks.takenBy(numberOf(who), toneOf(who));
        return [
          who,
          { caller: callers[at]!, hz: 1600 + 200 * at, callId, phones: { [who]: taken } },
        ] as const;
      }),
    );
    return Object.fromEntries(stories);
  };
  const bringIn = async (story: Story, who: string, colleague: string) => {
    await act(who, `/calls/${story.callId}/consult`, 'POST', { staffId: ids[colleague] });
    story.phones[colleague] = await talks.takenBy(numberOf(colleague), toneOf(colleague));
    await hears(`${who} after asking`, story.phones[who]!, toneOf(colleague));
  };
  /** Music is sound that is no tone of ours; silence would be neither. */
  const hearsMusic = async ({ caller, phones }: Story) => {
    const before = caller.ear.soundMs;
    await until('music', () => caller.ear.soundMs > before + 400);
    for (const who of Object.keys(phones)) {
      await hears('a caller on hold', caller, toneOf(who), false);
    }
  };
  const hearEachOther = async (story: Story, ...who: string[]) => {
    for (const one of who) {
      await hears('the caller', story.caller, toneOf(one));
      await hears(one, story.phones[one]!, story.hz);
      for (const other of who) {
        if (other !== one) await hears(one, story.phones[one]!, toneOf(other));
      }
    }
  };
  const staffOf = ({ legs }: DeskCall) => legs.flatMap((leg) => leg.staffId ?? []).sort();

  const stories = await begin(['agent1', 'agent2', 'agent4', 'agent6']);
  const [held, consulted, gathered, over] = ['agent1', 'agent2', 'agent4', 'agent6'].map(
    (who) => stories[who]!,
  ) as [Story, Story, Story, Story];
  await act('agent1', `/calls/${held.callId}/hold`);
  await bringIn(consulted, 'agent2', 'agent3');
  await bringIn(gathered, 'agent4', 'agent5');
  await act('agent4', `/calls/${gathered.callId}/conference`);
  await act('agent6', `/calls/${over.callId}/draft`, 'PUT', { summary: '路灯不亮' });
  over.caller.hangup();
  const wrapUp = await talks.wrapUp('agent6');

  /** All of it, as it was before. */
  const stands = async (t: Test) => {
    await t.test('hold: the caller hears music, the agent nobody, and sees it', async (t) => {
      t.strictSame(staffOf(await inMode('agent1', 'held')), [ids['agent1']]);
      await hearsMusic(held);
      await hears('the agent', held.phones['agent1']!, held.hz, false);
      await act('agent1', `/calls/${held.callId}/resume`);
      await hearEachOther(held, 'agent1');
      await act('agent1', `/calls/${held.callId}/hold`);
      await hearsMusic(held);
    });
    await t.test('consultation: two agents talk, the caller hears music', async (t) => {
      const both = [ids['agent2'], ids['agent3']].sort();
      t.strictSame(staffOf(await inMode('agent2', 'consulting')), both);
      t.equal((await desk('agent3'))?.call?.callId, consulted.callId, 'both screens show it');
      await hearsMusic(consulted);
      await hears('the agent', consulted.phones['agent2']!, toneOf('agent3'));
      await hears('the colleague', consulted.phones['agent3']!, toneOf('agent2'));
    });
    await t.test('conference: all hear each other', async (t) => {
      const both = [ids['agent4'], ids['agent5']].sort();
      t.strictSame(staffOf(await inMode('agent4', 'conference')), both);
      await hearEachOther(gathered, 'agent4', 'agent5');
    });
    await t.test('wrap-up: the same minute goes on, with what was written', async (t) => {
      t.match(await talks.wrapUp('agent6'), {
        callId: over.callId,
        endsAt: wrapUp.endsAt,
        draft: { summary: '路灯不亮' },
      });
    });
    await t.test('the wall shows these calls and no other, and what agents do', async (t) => {
      const wall = await talks.wall();
      const live = [held, consulted, gathered].map(({ callId }) => callId).sort();
      t.strictSame(wall.calls.map((one) => one.callId).sort(), live);
      t.ok(wall.calls.every((one) => one.state === 'talking'));
      t.strictSame(wall.waiting, []);
      const engaged = Object.fromEntries(wall.agents.map((one) => [one.username, one]));
      for (const who of agents) {
        t.equal(engaged[who]?.engagement, who === 'agent6' ? 'wrap_up' : 'talking', who);
      }
    });
  };

  await t.test(
    'given kill -9, when it starts again, then everything stands as it stood',
    async (t) => {
      await service.kill();
      await service.start();
      await stands(t);
    },
  );

  await t.test('given a wire that is cut, when it is mended, then everything stands', async (t) => {
    const lost = logged(service, 'switch connection lost').length;
    wire.cut();
    await until('the loss', () => logged(service, 'switch connection lost').length > lost);
    // Nothing that talks or waits needs the service for that long.
    await hearsMusic(held);
    await hearEachOther(gathered, 'agent4', 'agent5');
    const before = logged(service, 'switch connected').length;
    wire.mend();
    await until('the connection', () => logged(service, 'switch connected').length > before);
    await stands(t);
  });

  await t.test('given people who leave while it is dead, then nobody is left behind', async (t) => {
    await act('agent6', `/calls/${over.callId}/wrap-up`, 'POST', { reasonCode: 'other' });
    const { agent6: talked } = await begin(['agent6']);
    await service.kill();
    held.phones['agent1']!.session.hangup();
    consulted.phones['agent3']!.session.hangup();
    gathered.phones['agent4']!.session.hangup();
    talked!.caller.hangup();
    await until('the switch to know', async () => {
      const listed = await sw.esl.api('show channels count');
      // The telephone of the agent whose caller has left waits for us.
      return listed.trim() === '6 total.';
    });
    phone.behaviour = 'ring';
    await service.start();

    await t.test('a held caller hears music and comes first, to the same agent', async (t) => {
      const offer = await until('the offer', async () => (await desk('agent1'))?.offer ?? false);
      t.match(offer, { callId: held.callId, kind: 'return' });
      const before = held.caller.ear.soundMs;
      await until('sound', () => held.caller.ear.soundMs > before + 400);
      const again = await talks.takenBy(numberOf('agent1'), toneOf('agent1'));
      again.answer();
      held.phones['agent1'] = again;
      await inMode('agent1', 'talking');
      await hearEachOther(held, 'agent1');
    });
    await t.test('a consultation without its colleague is a hold', async (t) => {
      t.strictSame(staffOf(await inMode('agent2', 'held')), [ids['agent2']]);
      t.equal((await talks.wrapUp('agent3')).callId, consulted.callId, 'who left wraps up');
      await hearsMusic(consulted);
      await act('agent2', `/calls/${consulted.callId}/resume`);
      await hearEachOther(consulted, 'agent2');
    });
    await t.test('a conference of two is a talk', async (t) => {
      t.strictSame(staffOf(await inMode('agent5', 'talking')), [ids['agent5']]);
      t.equal((await talks.wrapUp('agent4')).callId, gathered.callId);
      await hearEachOther(gathered, 'agent5');
    });
    await t.test('an agent whose caller left wraps up', async (t) => {
      t.equal((await talks.wrapUp('agent6')).callId, talked!.callId);
    });
    await t.test('and the wall is empty when they have left', async (t) => {
      const wall = await talks.wall();
      t.equal(wall.calls.length, 3);
      for (const { caller } of [held, consulted, gathered]) caller.hangup();
      await until('the wall', async () => (await talks.wall()).calls.length === 0);
      for (const who of agents) await talks.wrapUp(who);
      await everyRowClosed(service);
      // FreeSWITCH writes its list a moment after its events.
      await until('the switch to be empty', async () => {
        const listed = await sw.esl.api('show channels count');
        return listed.trim() === '0 total.';
      });
    });
  });
});
