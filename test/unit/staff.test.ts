import t from 'tap';
import fc from 'fast-check';
import { askerOf } from '../../src/api/access.ts';
import { sourceOf } from '../../src/core/addresses.ts';
import { passwordFault } from '../../src/organisation/accounts/passwords.ts';
import { can } from '../../src/organisation/index.ts';
import {
  base32,
  checkTotp,
  hotp,
  newTotpSecret,
  totpUri,
} from '../../src/organisation/accounts/totp.ts';

void t.test('codes of an authenticator app', async (t) => {
  // The test secret of RFC 4226 appendix D and RFC 6238 appendix B.
  const secret = base32(Buffer.from('12345678901234567890'));

  await t.test("given the RFC's secret, then the RFC's codes", (t) => {
    t.same(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((counter) => hotp(secret, counter)),
      [
        ...['755224', '287082', '359152', '969429', '338314'],
        ...['254676', '287922', '162583', '399871', '520489'],
      ],
    );
    const at = (seconds: number) => hotp(secret, Math.floor(seconds / 30), 8);
    t.equal(at(59), '94287082');
    t.equal(at(1_111_111_109), '07081804');
    t.equal(at(20_000_000_000), '65353130');
    t.end();
  });

  await t.test('given clocks that differ, then one step either way counts, and each once', (t) => {
    const now = 1_700_000_000_000;
    const step = Math.floor(now / 30_000);
    t.equal(checkTotp(secret, hotp(secret, step - 1), now, null), step - 1);
    t.equal(checkTotp(secret, hotp(secret, step + 1), now, null), step + 1);
    t.equal(checkTotp(secret, hotp(secret, step - 2), now, null), undefined);
    t.equal(checkTotp(secret, hotp(secret, step), now, step), undefined, 'used already');
    t.equal(checkTotp(secret, '', now, null), undefined);
    t.end();
  });

  await t.test('given any secret, then it is read back and fits into an address', (t) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const text = base32(bytes);
        return /^[A-Z2-7]{32}$/.test(text) && /^\d{6}$/.test(hotp(text, 1));
      }),
    );
    t.match(totpUri(newTotpSecret(), 'agent1'), /^otpauth:\/\/totp\/Lingting%3Aagent1\?secret=/);
    t.end();
  });
});

void t.test('passwords', (t) => {
  const fault = (password: string) => passwordFault(password, 'agent1');
  t.equal(fault('short'), 'too_short');
  t.equal(fault('my-Agent1-pass'), 'holds_username');
  t.equal(fault('aaaabbbbaaaa'), 'too_uniform');
  t.equal(fault('Password2026!'), 'too_common');
  for (const common of [
    ...['woaini5201314', 'P@ssw0rd1234', '1qaz2wsx3edc', 'qwertyuiop12', 'zhangwei1990'],
    ...['Lingting@2026', 'wuye123456789', '13812345678', '20260101abc', 'abc123abc123'],
    ...['asdfghjkl;12', 'jinxiuhuayuan'],
  ]) {
    t.equal(fault(common), 'too_common', common);
  }
  t.equal(fault('violet-kettle-rain'), undefined);
  t.equal(fault('i1TA5yfK8y4Bbq9Q'), undefined);
  t.equal(fault('correct horse battery'), undefined);
  t.equal(fault('锦绣花园的春天花开得真好'), undefined);
  t.end();
});

void t.test('permissions', (t) => {
  t.notOk(can('agent', 'numbers.read'));
  t.notOk(can('office', 'calls.handle'));
  t.ok(can('supervisor', 'calls.supervise'));
  t.notOk(can('supervisor', 'staff.manage'));
  t.ok(can('admin', 'staff.manage'));
  t.end();
});

void t.test('whoever has an IPv6 network is one source, however its addresses are written', (t) => {
  const network = sourceOf('2001:db8:1:2::1');
  for (const same of ['2001:db8:1:2:3:4:5:6', '2001:0DB8:0001:2::ffff', '2001:db8:1:2::1%eth0']) {
    t.equal(sourceOf(same), network, same);
  }
  for (const other of ['2001:db8:1:3::1', '2001:db8:1::2', '192.0.2.1', '::1']) {
    t.not(sourceOf(other), network, other);
  }
  for (const same of [
    '192.0.2.1',
    '::ffff:192.0.2.1',
    '::FFFF:c000:201',
    '0:0:0:0:0:ffff:c000:0201',
  ]) {
    t.equal(sourceOf(same), '192.0.2.1', same);
  }
  t.not(sourceOf('::ffff:192.0.2.2'), sourceOf('::ffff:192.0.2.1'));
  const ask = (ip: string) => askerOf({ ip, member: undefined });
  t.equal(ask('2001:db8:1:2::1'), ask('2001:db8:1:2::2'), 'requests are counted together');
  t.equal(ask('::ffff:192.0.2.1'), ask('192.0.2.1'));
  t.end();
});
