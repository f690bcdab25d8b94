import t from 'tap';
import { directoryDocument } from '../../src/agents/desk/phones/directory-document.ts';
import { createDirectory } from '../../src/switch/directory/index.ts';
import { readUser } from '../../src/switch/directory/xml-curl.ts';

const hash = '0cc175b9c0f1b6a831c399e269772661';
const around = (inner: string) =>
  `<document type="freeswitch/xml"><section name="directory"><domain name="d">${inner}</domain></section></document>`;

void t.test('what the service answers is read as FreeSWITCH reads it', (t) => {
  t.same(
    readUser(
      around(
        `<user id="other"><params><param name="a1-hash" value="${'f'.repeat(32)}"/></params></user>` +
          `<user cacheable="true" id='agent1'>\n<params><param name="dial-string" value="x"/>` +
          `<param value="${hash.toUpperCase()}" name="a1-hash"/></params>` +
          `<variables><variable name="note" value="a &quot;b&quot; &amp; c"/></variables></user>`,
      ),
      'agent1',
    ),
    { username: 'agent1', ha1: hash, variables: { note: 'a "b" & c' } },
    'the right user, attributes in any order',
  );
  t.equal(readUser(around(''), 'agent1'), undefined, 'nobody');
  t.equal(
    readUser(around('<user id="agent1"><params/></user>'), 'agent1'),
    undefined,
    'a user without a digest cannot register',
  );
  t.equal(
    readUser(
      around('<user id="agent1"><params><param name="password" value="clear"/></params></user>'),
      'agent1',
    ),
    undefined,
    'passwords in clear are not taken',
  );
  t.throws(() => readUser('<html>502 Bad Gateway</html>', 'agent1'), /no document/);
  t.end();
});

void t.test('given a name that no user can have, then the service is not bothered', async (t) => {
  const directory = createDirectory({
    users: [{ username: 'desk', ha1: hash }],
    service: { url: 'http://127.0.0.1:1/never', credentials: undefined, domain: 'd' },
  });
  t.equal(await directory.find('a b&c'), undefined);
  t.equal(await directory.find('x'.repeat(65)), undefined);
  t.same(await directory.find('desk'), { username: 'desk', ha1: hash }, 'its own comes first');
  t.same(directory.known('desk'), { username: 'desk', ha1: hash });
  t.equal(directory.known('agent1'), undefined);
  await t.rejects(directory.find('agent1'), 'nobody answers, and nobody was known');
});

void t.test('given a Contact that is a dial string, then FreeSWITCH keeps another', (t) => {
  const phone = { username: 'agent1', ha1: hash, callerNumber: null };
  const asked = (change: Record<string, string>) =>
    readUser(
      directoryDocument(
        {
          ...{ domain: 'd', action: 'sip_auth', sip_auth_method: 'REGISTER', ip: '10.0.0.7' },
          ...{ client_port: '5062', sip_via_protocol: 'udp', sip_contact_user: 'line2' },
          ...change,
        },
        phone,
      ),
      'agent1',
    )?.variables?.['sip-force-contact'];
  t.equal(asked({}), '<sip:line2@10.0.0.7:5062;transport=udp>', 'where the request came from');
  t.equal(asked({ sip_via_protocol: 'tcp' }), '<sip:line2@10.0.0.7:5062;transport=tcp>');
  t.equal(
    asked({ sip_via_protocol: 'ws', sip_contact_host: 'x1y2.invalid' }),
    '<sip:line2@x1y2.invalid;transport=ws;fs_nat=yes;fs_path=sip%3Aline2%4010.0.0.7%3A5062%3Btransport%3Dws>',
  );
  for (const user of ['a,[x=1]loopback/app=system:id', 'a>b', 'a|b', 'a\r\nb', "a'b", '${x}', '']) {
    t.equal(
      asked({ sip_contact_user: user, sip_contact_host: '192.0.2.10;fs_path=sip:x' }),
      '<sip:agent1@10.0.0.7:5062;transport=udp>',
      JSON.stringify(user),
    );
  }
  t.equal(
    asked({ sip_via_protocol: 'ws', sip_contact_host: 'carrier.example' }),
    '<sip:line2@10.0.0.7:5062;transport=ws;fs_nat=yes;fs_path=sip%3Aline2%4010.0.0.7%3A5062%3Btransport%3Dws>',
    'a name that can be looked up is not taken',
  );
  for (const change of [
    { ip: '' },
    { ip: 'sip.example' },
    { ip: '2001:db8::1' },
    { client_port: '0' },
    { client_port: '5062;x' },
    { sip_via_protocol: 'sctp' },
  ]) {
    t.match(
      directoryDocument(
        {
          ...{ sip_auth_method: 'REGISTER', ip: '10.0.0.7', client_port: '5062' },
          ...{ sip_via_protocol: 'udp', ...change },
        },
        phone,
      ),
      'not found',
      JSON.stringify(change),
    );
  }
  t.equal(
    readUser(directoryDocument({ domain: 'd' }, phone), 'agent1')?.variables?.['sip-force-contact'],
    undefined,
    'the embedded switch asks for none',
  );
  t.end();
});
