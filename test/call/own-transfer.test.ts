import { createHash } from 'node:crypto';
import t from 'tap';
import { call } from '../support/calls.ts';
import { openCallee } from '../support/callee.ts';
import { RawPhone, rawSdp } from '../support/raw-sip.ts';
import { startService } from '../support/service.ts';
import { isFreeswitch } from '../support/switch.ts';
import { openTalks } from '../support/talks.ts';
import { until } from '../support/until.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Transfers that an agent makes on the telephone itself (REFER), not on the screen. */
void t.test("an agent's own telephone transfers", async (t) => {
  const callee = await openCallee('answer');
  const service = await startService();
  t.teardown(async () => {
    await callee.close();
    await service.stop();
  });
  const talks = openTalks(service, callee);
  const switchPort = Number(process.env['FREESWITCH_AGENTS'] ?? service.sipPort);

  /** The desk phone of an agent, registered with the password that the service gave it. */
  const register = async (user: string): Promise<RawPhone> => {
    const { password } = await talks.act(user, '/agents/me/phone', 'POST');
    const phone = await RawPhone.open({ user, switchPort });
    t.teardown(() => phone.close());
    phone.target = `sip:127.0.0.1:${switchPort}`;
    phone.to = `<sip:${user}@127.0.0.1>`;
    const first = await phone.request('REGISTER');
    const nonce = /nonce="([^"]+)"/.exec(first.header('www-authenticate'))?.[1] ?? '';
    const ha1 = md5(`${user}:lingting:${String(password)}`);
    const response = md5(`${ha1}:${nonce}:00000001:abc:auth:${md5(`REGISTER:${phone.target}`)}`);
    const headers = [
      `Authorization: Digest username="${user}", realm="lingting", nonce="${nonce}", uri="${phone.target}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abc"`,
    ];
    t.equal((await phone.request('REGISTER', { headers })).what, '200');
    return phone;
  };

  await t.test('given somebody who is not at work, then the caller is not dropped', async (t) => {
    const phone = await register('agent1');
    await register('agent2');
    await talks.act('agent1', '/agents/me/session', 'POST', { phone: 'sip' });
    await talks.free('agent1');
    const caller = await call(service, '13700006002', '!0');
    const invite = await phone.next('INVITE');
    phone.take(invite);
    // A telephone that only listens owes no audio.
    phone.reply(invite, '200 OK', { body: rawSdp(40_400, 'recvonly') });
    await phone.next('ACK');
    await talks.inMode('agent1', 'talking');

    const refer = await phone.request('REFER', { headers: ['Refer-To: <sip:agent2@127.0.0.1>'] });
    t.equal(refer.what, '202');
    if (!isFreeswitch) {
      for (const status of [100, 480]) {
        const notify = await phone.next('NOTIFY', (one) => one.body.includes(` ${status} `));
        phone.reply(notify, '200 OK');
      }
    }
    t.equal((await phone.request('BYE')).what, '200');
    await until('the caller to wait', async () => (await talks.wall()).waiting.length === 1);
    t.equal(caller.end, undefined);
    caller.hangup();
    await caller.close();
  });
});
