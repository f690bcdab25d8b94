import t from 'tap';
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
