import { createHash } from 'node:crypto';
import t, { type Test } from 'tap';
import { silentLog } from '../../src/core/log.ts';
import { createUserAgent, noDirectory } from '../../src/switch/index.ts';
import type { SessionEnd } from '../../src/switch/sip/user-agent.types.ts';
import { openCallee } from '../support/callee.ts';
import { incoming, parked } from '../support/parked.ts';
import { isRightDigest, RawPhone, rawSdp, type RawMessage } from '../support/raw-sip.ts';
import { isFreeswitch, startSwitch } from '../support/switch.ts';
import { testPort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const password = 'a-test-password';
const users = ['agent1', 'agent2'].map((username) => ({
  username,
  ha1: md5(`${username}:lingting:${password}`),
}));
const own = isFreeswitch ? 'how FreeSWITCH does it is its own business' : false;
const streams = (sdp: string) =>
  [...sdp.matchAll(/^m=(\w+) (\d+)/gm)].map(
    ([, name, port]) => `${name}${port === '0' ? ' 0' : ''}`,
  );
const way = (sdp: string) => /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(sdp)?.[1];

void t.test('dialogs of telephones that do things their own way', async (t) => {
  const trunkPort = await testPort();
  const sw = await startSwitch({
    users,
    gateways: {
      pw: { host: '127.0.0.1', port: trunkPort, username: 'alice', password: 'secret' },
    },
  });
  t.teardown(() => sw.close());
  const open = async (user: string) => {
    const phone = await RawPhone.open({ user, switchPort: sw.sipPort });
    t.teardown(() => phone.close());
    return phone;
  };
  /** A call to the hotline that nobody gives up for the silence of the service. */
  const call = async (user: string, body: string, headers: readonly string[] = []) => {
    const phone = await open(user);
    const answer = await phone.request('INVITE', { body, headers });
    if (answer.what === '200') await sw.esl.api(`sched_del ${await parked(sw, user)}`);
    return { phone, answer };
  };

  await t.test('a held telephone that sends no audio is not hung up on', async (t) => {
    const { phone } = await call('13700008101', rawSdp(40_000));
    const held = await phone.request('INVITE', { body: rawSdp(40_000, 'sendonly') });
    t.equal(way(held.body), 'recvonly');
    const { uuid, caller } = await incoming(sw, '13700008102');
    // The other one is silent for longer than either switch waits for audio that is owed.
    const since = performance.now();
    await until('longer than the time limit', () => performance.now() - since > 7000);
    t.notOk(phone.box.some(({ what }) => what === 'BYE'));
    t.equal((await phone.request('BYE')).what, '200');
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await caller.close();
  });

  await t.test('every stream of an offer is answered', { skip: own }, async (t) => {
    const cases: readonly (readonly [sdp: string, answered: readonly string[]])[] = [
      [
        rawSdp(40_000, 'sendrecv', 'm=video 40004 RTP/AVP 96', 'a=rtpmap:96 H264/90000'),
        ['audio', 'video 0'],
      ],
      [rawSdp(-1, '', 'm=video 40004 RTP/AVP 96', 'm=audio 40000 RTP/AVP 8'), ['video 0', 'audio']],
      [rawSdp(40_000, 'sendrecv', 'm=image 40010 udptl t38'), ['audio', 'image 0']],
      [rawSdp(0), ['audio 0']],
      [rawSdp(40_000).replace(' 40000 ', ' 40000/2 '), ['audio']],
    ];
    for (const [index, [sdp, answered]] of cases.entries()) {
      const { phone, answer } = await call(`1370000812${index}`, sdp);
      t.equal(answer.what, '200', sdp);
      t.same(streams(answer.body), answered);
      await phone.request('BYE');
    }
  });

  await t.test(
    'a description out of bounds is refused, and nothing else happens',
    { skip: own },
    async (t) => {
      const bad = rawSdp(40_000).replace('40000', '99999');
      const { answer } = await call('13700008131', bad);
      t.match(answer.what, /^4\d\d$/);
      const { phone } = await call('13700008132', rawSdp(40_000));
      t.match((await phone.request('INVITE', { body: bad })).what, /^4\d\d$/, 'in mid-call too');
      t.equal((await phone.request('BYE')).what, '200', 'the call goes on as it was');
    },
  );

  await t.test('an INVITE without a description gets our offer', { skip: own }, async (t) => {
    const phone = await open('13700008141');
    const answer = await phone.final('INVITE', phone.send('INVITE'), rawSdp(40_000));
    t.equal(answer.what, '200');
    t.match(answer.body, /^m=audio \d+ RTP\/AVP 8 0 101/m);
    const uuid = await parked(sw, '13700008141');
    await sw.esl.api(`sched_del ${uuid}`);
    await until(
      'the answer of the ACK to count',
      async () => (await sw.esl.api(`uuid_getvar ${uuid} remote_media_port`)) === '40000',
    );
    await phone.request('BYE');

    const silent = await open('13700008142');
    await silent.final('INVITE', silent.send('INVITE'));
    const bye = await silent.next('BYE');
    t.match(bye.header('reason'), /cause=88/, 'without an answer it is no call');
    silent.reply(bye, '200 OK');
  });

  await t.test('on hold, a re-INVITE without a description gets a live offer', async (t) => {
    for (const [index, hold] of (['sendonly', 'inactive'] as const).entries()) {
      const { phone } = await call(`1370000815${index}`, rawSdp(40_000));
      await phone.request('INVITE', { body: rawSdp(40_000, hold) });
      const offer = await phone.final('INVITE', phone.send('INVITE'), rawSdp(40_000));
      if (!isFreeswitch) t.equal(way(offer.body) ?? 'sendrecv', 'sendrecv', `after ${hold}`);
      t.match(offer.body, /^m=audio \d+ RTP\/AVP .*\b8\b.*\b0\b/m, 'with all our codecs');
      t.equal((await phone.request('BYE')).what, '200');
    }
  });

  await t.test('session timers follow what the far end knows', { skip: own }, async (t) => {
    const proxied = await call('13700008161', rawSdp(40_000), ['Session-Expires: 1800']);
    t.equal(proxied.answer.header('session-expires'), '1800;refresher=uas');
    t.equal(proxied.answer.header('require'), '');
    await proxied.phone.request('BYE');
    const knows = ['Session-Expires: 1800', 'Supported: timer'];
    const { phone, answer } = await call('13700008162', rawSdp(40_000), knows);
    t.equal(answer.header('session-expires'), '1800;refresher=uac');
    t.equal(answer.header('require'), 'timer');
    const update = await phone.request('UPDATE', { headers: knows });
    t.equal(update.header('session-expires'), '1800;refresher=uac');
    t.match(update.header('contact'), /^<sip:/);
    const short = ['Session-Expires: 30', 'Supported: timer'];
    const refused = await phone.request('INVITE', { body: rawSdp(40_000), headers: short });
    t.equal(refused.what, '422');
    t.equal(refused.header('min-se'), '90');
    await phone.request('BYE');
    const early = await call('13700008163', rawSdp(40_000), short);
    t.equal(early.answer.what, '422');
  });

  await t.test('who requires reliable ringing gets it, and acknowledges it', async (t) => {
    const phone = await RawPhone.open({ user: 'agent1', switchPort: sw.phonePort });
    t.teardown(() => phone.close());
    t.equal((await phone.register(password)).what, '200');
    phone.target = `sip:4999@127.0.0.1:${sw.phonePort}`;
    phone.to = `<${phone.target}>`;
    const headers = ['Require: 100rel', 'Supported: 100rel'];
    const begin = async (body: string) => {
      phone.from = phone.from.replace(/tag=.*/, `tag=${phone.box.length}${Math.random()}`);
      phone.to = '<sip:4999@127.0.0.1>';
      phone.target = `sip:4999@127.0.0.1:${sw.phonePort}`;
      const asked = await phone.request('INVITE', { body, headers });
      phone.to = '<sip:4999@127.0.0.1>';
      phone.target = `sip:4999@127.0.0.1:${sw.phonePort}`;
      const credentials = phone.credentials(asked, 'INVITE', password);
      return phone.send('INVITE', { body, headers: [...headers, credentials] });
    };
    const rack = (response: RawMessage, more = 0) =>
      `RAck: ${Number(response.header('rseq')) + more} ${response.header('cseq')}`;
    const invite = await begin(rawSdp(40_000));
    const ringing = await phone.next('180');
    t.match(ringing.header('require'), '100rel');
    t.match(ringing.header('rseq'), /^[1-9]\d*$/);
    const again = await phone.next('180');
    t.equal(again.header('rseq'), ringing.header('rseq'), 'and again until it is acknowledged');
    phone.to = ringing.header('to');
    phone.target = /<([^>]+)>/.exec(ringing.header('contact'))?.[1] ?? '';
    const ask = (header: string) => phone.request('PRACK', { headers: [header] });
    if (!isFreeswitch) t.equal((await ask(rack(ringing, 7))).what, '481', 'one that never was');
    t.equal((await ask(rack(ringing))).what, '200');
    if (!isFreeswitch) t.equal((await ask(rack(ringing))).what, '481', 'once only');
    const uuid = await parked(sw, 'agent1');
    await sw.esl.api(`sched_del ${uuid}`);
    sw.queue(uuid, 'pre_answer').catch(() => undefined);
    const early = await phone.next('183');
    t.match(early.body, /^m=audio [1-9]/m);
    t.equal(Number(early.header('rseq')), Number(ringing.header('rseq')) + 1);
    // A 2xx has to wait for that one.
    sw.queue(uuid, 'answer').catch(() => undefined);
    await phone.next('183');
    t.notOk(phone.box.some(({ what }) => what === '200'));
    t.equal((await ask(rack(early))).what, '200');
    const answer = await phone.final('INVITE', invite);
    t.equal(answer.what, '200');
    if (!isFreeswitch) t.equal(answer.body, '', 'it was told before');
    t.equal((await phone.request('BYE')).what, '200');
    await sw.event('CHANNEL_DESTROY', uuid);

    phone.box.length = 0;
    const before = new Set(sw.events.map((one) => one['Unique-ID']));
    const second = await begin(rawSdp(40_000));
    phone.to = (await phone.next('180')).header('to');
    const other = await until('the second call to be parked', () =>
      sw.events.find(
        (one) => one['Event-Name'] === 'CHANNEL_PARK' && !before.has(one['Unique-ID']),
      ),
    );
    await sw.esl.api(`uuid_kill ${other['Unique-ID']} USER_BUSY`);
    t.equal((await phone.final('INVITE', second)).what, '486', 'a refusal waits for nothing');
  });

  await t.test('two offers at once are told so', { skip: own }, async (t) => {
    const { phone } = await call('13700008171', rawSdp(40_000));
    const uuid = await parked(sw, '13700008171');
    await sw.esl.api(`uuid_hold ${uuid}`);
    const theirs = await phone.next('INVITE');
    const ours = phone.send('INVITE', { body: rawSdp(40_000) });
    t.equal((await phone.final('INVITE', ours)).what, '491');
    phone.reply(theirs, '491 Request Pending');
    await phone.next('ACK');
    const again = await phone.next('INVITE', (one) => one.header('cseq') !== theirs.header('cseq'));
    phone.reply(again, '200 OK', { body: rawSdp(40_000, 'recvonly') });
    await phone.next('ACK');
    await phone.request('BYE');
  });

  await t.test('a trunk that challenges is answered', { skip: own }, async (t) => {
    const trunk = await RawPhone.open({ user: 'gw', switchPort: sw.sipPort, port: trunkPort });
    t.teardown(() => trunk.close());
    const originate = (more = '') =>
      sw.job(`originate {originate_timeout=20${more}}sofia/gateway/pw/13900009999 &park()`);
    const challenge = (nonce: string, algorithm = 'MD5') =>
      `Proxy-Authenticate: Digest realm="t.example", nonce="${nonce}", algorithm=${algorithm}, qop="auth"`;
    const refuse = async (message: RawMessage, ...headers: readonly string[]) => {
      trunk.reply(message, '407 Proxy Authentication Required', { headers, tag: message.what });
      if (message.what === 'INVITE') await trunk.next('ACK');
    };
    const other = (before: RawMessage) => (one: RawMessage) =>
      one.header('cseq') !== before.header('cseq');

    await t.test('the topmost of two challenges, and in the BYE again', async (t) => {
      const done = originate();
      const first = await trunk.next('INVITE');
      await refuse(first, challenge('unknown', 'X-NEW'), challenge('s', 'SHA-256'), challenge('m'));
      const second = await trunk.next('INVITE', other(first));
      t.match(second.header('proxy-authorization'), /nonce="s".*algorithm=SHA-256/);
      t.ok(isRightDigest(second, 'alice', 'secret'));
      // A nonce that grew old is no wrong password.
      await refuse(second, `${challenge('late')}, stale=true`);
      const third = await trunk.next('INVITE', other(second));
      t.ok(isRightDigest(third, 'alice', 'secret'));
      trunk.reply(third, '200 OK', { body: rawSdp(40_100) });
      t.match((await trunk.next('ACK')).header('proxy-authorization'), /nonce="late"/);
      const uuid = (await done).replace('+OK ', '');
      await sw.esl.api(`uuid_kill ${uuid}`);
      const bye = await trunk.next('BYE');
      t.match(bye.header('proxy-authorization'), /nc=0000000\d/, 'from the start');
      await refuse(bye, challenge('b'));
      const again = await trunk.next('BYE', other(bye));
      t.match(again.header('proxy-authorization'), /nonce="b"/);
      t.ok(isRightDigest(again, 'alice', 'secret'));
      trunk.reply(again, '200 OK');
    });

    await t.test('several in one header, and never the same in vain', async (t) => {
      const done = originate();
      const first = await trunk.next('INVITE');
      await refuse(
        first,
        'Proxy-Authenticate: Basic realm="a, b", Digest realm="a", nonce="1", Digest realm="b", nonce="2", qop="auth,auth-int"',
      );
      const second = await trunk.next('INVITE', other(first));
      t.equal(second.headers('proxy-authorization').length, 2);
      await refuse(second, 'Proxy-Authenticate: Digest realm="a", nonce="3"');
      t.match(await done, /^-ERR CALL_REJECTED/);
    });

    await t.test('an answer that came in 183 counts', async (t) => {
      const done = originate(',ignore_early_media=true');
      const invite = await trunk.next('INVITE');
      trunk.reply(invite, '183 Session Progress', { body: rawSdp(40_100) });
      trunk.reply(invite, '200 OK');
      await trunk.next('ACK');
      const uuid = (await done).replace('+OK ', '');
      t.equal(await sw.esl.api(`uuid_getvar ${uuid} remote_media_port`), '40100');
      await sw.esl.api(`uuid_kill ${uuid}`);
      trunk.reply(await trunk.next('BYE'), '200 OK');
    });

    await t.test('a reliable 183 is acknowledged once, and another phone may answer', async (t) => {
      const done = originate(',ignore_early_media=true');
      const invite = await trunk.next('INVITE');
      const headers = ['Require: 100rel', 'RSeq: 7'];
      const early = { body: rawSdp(40_100), headers, tag: 'one' };
      trunk.reply(invite, '183 Session Progress', early);
      const prack = await trunk.next('PRACK');
      t.equal(prack.header('rack'), `7 ${invite.header('cseq')}`);
      trunk.reply(prack, '200 OK');
      trunk.reply(invite, '183 Session Progress', early);
      trunk.reply(invite, '200 OK', { body: rawSdp(40_200), tag: 'two' });
      await trunk.next('ACK');
      const uuid = (await done).replace('+OK ', '');
      t.equal(await sw.esl.api(`uuid_getvar ${uuid} remote_media_port`), '40200');
      t.notOk(trunk.box.some(({ what }) => what === 'PRACK'));
      await sw.esl.api(`uuid_kill ${uuid}`);
      trunk.reply(await trunk.next('BYE'), '200 OK');
    });

    await t.test('an answer without any description is no call', async (t) => {
      const done = originate();
      const invite = await trunk.next('INVITE');
      trunk.reply(invite, '200 OK');
      t.equal(await done, '-ERR INCOMPATIBLE_DESTINATION');
      trunk.reply(await trunk.next('BYE'), '200 OK');
    });
  });

  await t.test(
    'a telephone that names another place has not answered',
    { skip: own },
    async (t) => {
      const callee = await openCallee('answer');
      t.teardown(() => callee.close());
      const phone = await open('100');
      const done = sw.job(`originate {}sofia/internal/100@127.0.0.1:${phone.port} &park()`);
      const invite = await phone.next('INVITE');
      phone.reply(invite, '302 Moved Temporarily', {
        headers: [`Contact: <sip:${callee.address}>`],
      });
      t.equal(await done, '-ERR REQUESTED_CHAN_UNAVAIL');
      t.equal(callee.calls.length, 0, 'and nobody is called there');
    },
  );

  await t.test('REFER tells the truth', { skip: own }, async (t) => {
    const register = async (user: string) => {
      const phone = await open(user);
      t.equal((await phone.register(password)).what, '200');
      return phone;
    };
    const agent = await register('agent1');
    /** agent1 talks to a caller. */
    const talk = async (from: string) => {
      const { uuid, caller } = await incoming(sw, from);
      const peer = await sw.esl.api('create_uuid');
      const done = sw.job(
        `originate {origination_uuid=${peer},park_after_bridge=true}user/agent1 &park()`,
      );
      const invite = await agent.next('INVITE');
      agent.take(invite);
      agent.reply(invite, '200 OK', { body: rawSdp(40_300, 'recvonly') });
      await agent.next('ACK');
      await done;
      await sw.esl.api(`uuid_bridge ${uuid} ${peer}`);
      await sw.event('CHANNEL_BRIDGE', uuid);
      return { uuid, caller, peer };
    };
    const refer = (user: string) =>
      agent.request('REFER', { headers: [`Refer-To: <sip:${user}@127.0.0.1>`] });
    const told = async (status: number) => {
      const notify = await agent.next('NOTIFY', (one) => one.body.includes(`SIP/2.0 ${status} `));
      agent.reply(notify, '200 OK');
      t.match(notify.header('contact'), /^<sip:/);
      return notify;
    };

    const { uuid, caller, peer } = await talk('13700008181');
    t.equal((await refer('99999')).what, '404', 'nobody of that name');
    t.equal((await refer('agent2')).what, '480', 'nobody there');
    t.equal(await sw.esl.api(`uuid_getvar ${uuid} signal_bond`), peer, 'and the talk goes on');

    await register('agent2');
    t.equal((await refer('agent2')).what, '202');
    t.match((await told(100)).header('subscription-state'), /^active/);
    const moved = await sw.event(
      'CHANNEL_PARK',
      uuid,
      (one) => one['variable_sip_refer_to'] !== undefined,
    );
    t.match(moved['variable_sip_refer_to'], /<sip:agent2@/, 'whom is meant');
    t.notOk(
      agent.box.some(({ what }) => what === 'NOTIFY'),
      'nothing is promised',
    );
    await sw.esl.api(`uuid_bridge ${uuid} ${peer}`);
    t.match((await told(480)).header('subscription-state'), /^terminated/);

    t.equal((await refer('agent2')).what, '202');
    t.match((await told(100)).header('event'), /^refer;id=\d+$/, 'the second one by its id');
    const third = await openCallee('answer');
    t.teardown(() => third.close());
    const other = await sw.esl.api('create_uuid');
    await sw.job(`originate {origination_uuid=${other}}sofia/internal/${third.address} &park()`);
    await sw.esl.api(`uuid_bridge ${uuid} ${other}`);
    t.match((await told(200)).header('subscription-state'), /^terminated/);
    t.equal((await agent.request('BYE')).what, '200');
    caller.hangup();
    await sw.event('CHANNEL_DESTROY', uuid);
    await caller.close();

    const stranger = await call('13700008182', rawSdp(40_000));
    const refused = await stranger.phone.request('REFER', {
      headers: ['Refer-To: <sip:4100@127.0.0.1>'],
    });
    t.equal(refused.what, '403', 'a caller from outside sends nobody anywhere');
    await stranger.phone.request('BYE');

    const thief = await call('13700008183', rawSdp(40_000), [
      `Replaces: ${agent.callId};to-tag=a;from-tag=b`,
    ]);
    t.equal(thief.answer.what, '603', 'and takes no call over');
  });
});

void t.test(
  'sessions are refreshed as the far end can, and expire unrefreshed',
  { skip: own },
  async (t) => {
    const agent = await createUserAgent(
      {
        ...{ host: '127.0.0.1', port: 0, directory: noDirectory, realm: 'x', userAgent: 'x' },
        ...{ maxSessions: 10, sessionSecondMs: 25 },
      },
      silentLog(),
    );
    t.teardown(() => agent.close());
    const ends: SessionEnd[] = [];
    agent.isOpenDestination = () => true;
    agent.onInvite = (session) => {
      session.onOfferWanted = () => rawSdp(40_001);
      session.onLateAnswer = () => Promise.resolve();
      session.onEnded = (end) => ends.push(end);
      session.answer(rawSdp(40_001));
    };
    const call = async (...headers: readonly string[]) => {
      const phone = await RawPhone.open({ user: 'a', switchPort: agent.port });
      t.teardown(() => phone.close());
      const answer = await phone.request('INVITE', {
        body: rawSdp(40_000),
        headers: ['Supported: timer', ...headers],
      });
      return { phone, expires: answer.header('session-expires') };
    };
    const isRefresh = (t: Test, message: RawMessage) => {
      t.equal(message.header('session-expires'), '90;refresher=uac');
      t.match(message.header('contact'), /^<sip:/);
    };
    const ours = 'Session-Expires: 90;refresher=uas';
    const ack = (phone: RawPhone) => phone.next('ACK');

    await t.test('16: by a new INVITE where Allow has no UPDATE', async (t) => {
      const { phone, expires } = await call(ours, 'Allow: INVITE, ACK, CANCEL, BYE');
      t.equal(expires, '90;refresher=uas');
      for (let round = 0; round < 2; round += 1) {
        const refresh = await phone.next('INVITE');
        isRefresh(t, refresh);
        phone.reply(refresh, '200 OK', {
          body: rawSdp(40_000),
          headers: ['Session-Expires: 90;refresher=uac'],
        });
        await ack(phone);
      }
      t.notOk(phone.box.some(({ what }) => what === 'UPDATE' || what === 'BYE'));
      await phone.request('BYE');
    });

    await t.test('16: by a new INVITE after an UPDATE was refused as unknown', async (t) => {
      for (const status of ['405 Method Not Allowed', '501 Not Implemented']) {
        const { phone } = await call(ours, 'Allow: INVITE, ACK, CANCEL, BYE, UPDATE');
        const update = await phone.next('UPDATE');
        isRefresh(t, update);
        phone.reply(update, status);
        const refresh = await phone.next('INVITE');
        isRefresh(t, refresh);
        phone.reply(refresh, '200 OK', {
          body: rawSdp(40_000),
          headers: ['Session-Expires: 90;refresher=uac'],
        });
        await ack(phone);
        t.equal((await phone.request('BYE')).what, '200', 'the call stood until then');
      }
    });

    await t.test('17: a caller who was to refresh and does not is hung up', async (t) => {
      ends.length = 0;
      const { phone, expires } = await call('Session-Expires: 90;refresher=uac');
      t.equal(expires, '90;refresher=uac');
      const update = { headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'] };
      for (let round = 0; round < 3; round += 1) {
        const since = performance.now();
        await until('a third of the time', () => performance.now() - since > 750);
        t.equal((await phone.request('UPDATE', update)).what, '200');
      }
      t.notOk(
        phone.box.some(({ what }) => what === 'BYE'),
        'while it is refreshed it stands',
      );
      const bye = await phone.next('BYE');
      phone.reply(bye, '200 OK');
      t.match(bye.header('reason'), /session expired/);
      t.match(ends, [{ by: 'network', status: 408 }]);
    });
  },
);
