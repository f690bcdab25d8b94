import t from 'tap';
import { Framer } from '../../src/switch/sip/transport/framer.ts';
import { parseNameAddress, parseVia, toParty } from '../../src/switch/sip/message/headers.ts';
import {
  headerOf,
  headersOf,
  parseMessage,
  salvageRequest,
  SipSyntaxError,
} from '../../src/switch/sip/message/message.ts';
import { torture, tortures } from '../support/rfc4475.ts';

function read(name: string) {
  const message = parseMessage(torture(name).bytes);
  if (message.kind !== 'request') throw new Error(`${name} is a response`);
  return message;
}

void t.test('RFC 4475: each message is read, or refused with its status', (t) => {
  t.equal(tortures.length, 49);
  for (const { name, bytes, parsed } of tortures) {
    let told: string | number;
    try {
      told = parseMessage(bytes).kind;
    } catch (error) {
      if (!(error instanceof SipSyntaxError)) throw error;
      told = error.status;
    }
    t.equal(told, parsed, name);
  }
  t.end();
});

void t.test('RFC 4475: however a stream is cut, its messages are the same', (t) => {
  const framed = ({ bytes }: { bytes: Buffer }, size: number) => {
    const framer = new Framer();
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      found.push(
        ...framer.push(bytes.subarray(at, at + size)).map((one) => one.toString('latin1')),
      );
    }
    return found;
  };
  for (const one of tortures) {
    if (one.tcp.includes('closed') && one.parsed === 400) continue;
    t.same(framed(one, 1), framed(one, 10_000), one.name);
  }
  t.equal(framed(torture('dblreq'), 7).length, 3, 'the second description is longer than said');
  t.end();
});

void t.test('RFC 4475: what stands in the valid ones is understood', (t) => {
  const wsinv = read('wsinv');
  t.same(
    headersOf(wsinv.headers, 'via')
      .map(parseVia)
      .map(({ host, transport }) => [host, transport]),
    [
      ['192.0.2.2', 'UDP'],
      ['spindle.example.com', 'TCP'],
      ['192.168.255.111', 'UDP'],
    ],
  );
  t.equal(parseNameAddress(headerOf(wsinv.headers, 'to') ?? '').params.get('tag'), '1918181833n');
  t.match(parseNameAddress(headerOf(wsinv.headers, 'from') ?? ''), {
    displayName: 'J Rosenberg \\"',
    uri: { user: 'jdrosen' },
  });
  t.equal(
    headerOf(wsinv.headers, 'newfangledheader'),
    'newfangled value continued newfangled value',
  );
  t.equal(headerOf(wsinv.headers, 'unknownheaderwithunusualvalue'), ';;,,;;,;');
  t.equal(Buffer.byteLength(wsinv.body), 150);

  const intmeth = read('intmeth');
  t.equal(intmeth.method, "!interesting-Method0123456789_*+`.%indeed'~");
  const to = toParty(parseNameAddress(headerOf(intmeth.headers, 'to') ?? ''));
  t.equal(to.displayName, 'BEL: NUL: DEL:', 'no control character goes on from here');
  t.match(headerOf(intmeth.headers, "extensionheader-!.%*+_`'~"), '大停電');

  t.equal(parseNameAddress(headerOf(read('esc01').headers, 'to') ?? '').uri.user, 'user');
  t.equal(headersOf(read('esc02').headers, 'contact').length, 2, 'C%6Fntact is another header');
  t.equal(headersOf(read('longreq').headers, 'via').length, 34);
  t.equal(read('dblreq').body, '', 'what follows in the datagram is no part of it');
  t.end();
});

void t.test('RFC 4475: what is refused can be answered', (t) => {
  for (const name of ['trws', 'badvers', 'ltgtruri', 'ncl', 'mcl01']) {
    t.ok(salvageRequest(torture(name).bytes), name);
  }
  t.equal(salvageRequest(torture('bigcode').bytes), undefined, 'nobody answers a response');
  const contact = headerOf(read('regbadct').headers, 'contact') ?? '';
  t.throws(() => parseNameAddress(contact), 'headers without angle brackets');
  t.equal(headersOf(read('regescrt').headers, 'contact').map(parseNameAddress).length, 1);
  t.end();
});
