import t from 'tap';
import fc from 'fast-check';
import { run as fuzz } from '../../bench/fuzz/rtp.ts';
import { infoKey } from '../../src/switch/legs/info-keys.ts';
import { codecs, parseRtp, type RtpPacket } from '../../src/switch/rtp/index.ts';
import { DtmfReceiver } from '../../src/switch/rtp/dtmf-receiver.ts';
import { PlayoutBuffer } from '../../src/switch/rtp/playout.ts';
import { RelayNumbers } from '../../src/switch/rtp/session/relay-numbers.ts';
import { SourceLock } from '../../src/switch/rtp/source-lock.ts';
import { deriveKeys, SrtpTransform } from '../../src/switch/rtp/srtp.ts';
import { UnheardBudget } from '../../src/switch/rtp/session/unheard-budget.ts';

void t.test('whose packets count', async (t) => {
  const described = { host: '198.51.100.7', port: 4000 };
  const stranger = { host: '203.0.113.9', port: 9000 };
  const expect = (lock: SourceLock, now: number, change: object = {}) =>
    lock.expect({ ...described, payloadTypes: [8, 101, 13], isSilent: false, ...change }, now);
  /** Packets at the pace of a telephone; how many of them were taken. */
  const stream = (
    lock: SourceLock,
    from: { host: string; port: number },
    at: { start: number; packets: number; everyMs?: number; bytes?: number; payloadType?: number },
  ) => {
    const { start, packets, everyMs = 20, bytes = 160, payloadType = 8 } = at;
    let taken = 0;
    for (let index = 0; index < packets; index += 1) {
      const payload = Buffer.alloc(bytes);
      const one = packet(index, { payload, payloadType, ssrc: from.port });
      if (lock.accepts(from.host, from.port, one, start + index * everyMs)) taken += 1;
    }
    return taken;
  };

  await t.test('given a stranger before the first word, then the caller has the audio', (t) => {
    for (const packets of [1, 15, 40, 200]) {
      for (const everyMs of [0, 1, 20]) {
        const lock = new SourceLock();
        expect(lock, 0);
        stream(lock, stranger, { start: 10, packets, everyMs });
        t.equal(stream(lock, described, { start: 5000, packets: 50 }), 50, 'from the first on');
        t.match(lock.target, described);
        t.equal(stream(lock, stranger, { start: 6000, packets: 200, everyMs: 0 }), 0);
      }
    }
    t.end();
  });

  await t.test('given 10,000 ports that send a packet each, then nothing is learnt', (t) => {
    const lock = new SourceLock();
    expect(lock, 0);
    let taken = 0;
    for (let port = 1; port <= 10_000; port += 1) {
      for (const at of [0, 1]) {
        if (lock.accepts('203.0.113.9', port, packet(at), port / 10)) taken += 1;
      }
    }
    t.equal(taken, 0);
    t.match(lock.target, described);
    const nat = { host: described.host, port: 61_000 };
    t.ok(stream(lock, nat, { start: 2000, packets: 50 }) > 25, 'nor is anybody driven out');
    t.end();
  });

  await t.test('given a telephone behind NAT, then it is learnt, whatever its packets', (t) => {
    for (const ms of [10, 20, 30, 40, 60, 80, 100]) {
      const lock = new SourceLock();
      expect(lock, 0, { host: '192.168.1.5', signalHost: '203.0.113.80' });
      const nat = { host: '203.0.113.80', port: 61_000 };
      const shape = { start: 100, packets: 1000 / ms, everyMs: ms, bytes: ms * 8 };
      t.ok(stream(lock, nat, shape) >= 500 / ms, `${ms} ms`);
      t.match(lock.target, nat);
      t.equal(stream(lock, stranger, { start: 1100, packets: 50 }), 0);
    }
    const lock = new SourceLock();
    expect(lock, 0, { host: '192.168.1.5', signalHost: '203.0.113.80' });
    t.equal(
      stream(lock, stranger, { start: 0, packets: 100, payloadType: 0 }),
      0,
      'another format',
    );
    t.end();
  });

  await t.test('given a new port after an offer, or after silence, then it is learnt', (t) => {
    const moved = { host: described.host, port: 4444 };
    const offered = new SourceLock();
    expect(offered, 0);
    stream(offered, described, { start: 0, packets: 50 });
    expect(offered, 1010);
    t.ok(stream(offered, moved, { start: 1000, packets: 75 }) > 50);
    const silent = new SourceLock();
    expect(silent, -10_000);
    stream(silent, described, { start: 0, packets: 50 });
    t.equal(stream(silent, moved, { start: 1000, packets: 30 }), 0, 'not at once');
    t.ok(stream(silent, moved, { start: 2000, packets: 50 }) > 25);
    t.equal(stream(silent, described, { start: 3000, packets: 1 }), 1, 'the described one is back');
    t.match(silent.target, described);
    t.end();
  });

  await t.test('given somebody on hold who sends nothing, then nobody takes the place', (t) => {
    const lock = new SourceLock();
    expect(lock, 0);
    stream(lock, described, { start: 0, packets: 50 });
    expect(lock, 2000, { isSilent: true });
    t.equal(stream(lock, { ...described, port: 4444 }, { start: 9000, packets: 500 }), 0);
    t.end();
  });

  await t.test('given whoever was learnt and is displaced in a pause, then it comes back', (t) => {
    const lock = new SourceLock();
    expect(lock, -10_000, { host: '10.0.0.1' });
    const nat = { host: '203.0.113.80', port: 61_000 };
    stream(lock, nat, { start: 0, packets: 500 });
    t.ok(stream(lock, stranger, { start: 14_000, packets: 100 }) > 0, 'four seconds of silence');
    t.equal(stream(lock, nat, { start: 17_000, packets: 10 }), 10);
    t.match(lock.target, nat);
    t.end();
  });
});

void t.test('SRTP', async (t) => {
  const master = Buffer.from('e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6', 'hex');

  await t.test('given the vectors of RFC 3711 and libsrtp, then the same bytes', (t) => {
    const keys = deriveKeys(master);
    t.equal(keys.cipher.toString('hex'), 'c61e7a93744f39ee10734afe3ff7a087');
    t.equal(keys.salt.toString('hex'), '30cbbc08863d8c85d49db34a9ae1');
    t.equal(keys.auth.toString('hex'), 'cebe321f6ff7716b6fd4ab49af256a156d38baa4');
    const plain = Buffer.from(`800f1234decafbadcafebabe${'ab'.repeat(16)}`, 'hex');
    const body = '800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402';
    for (const [suite, tag] of [
      ['AES_CM_128_HMAC_SHA1_80', 'b78d6acc99ea179b8dbb'],
      ['AES_CM_128_HMAC_SHA1_32', 'b78d6acc'],
    ] as const) {
      const secret = new SrtpTransform(master, suite).protect(plain);
      t.equal(secret?.toString('hex'), body + tag);
      t.same(new SrtpTransform(master, suite).unprotect(secret ?? plain), plain);
    }
    t.end();
  });

  await t.test('given 200,000 packets, then the numbers begin anew three times unnoticed', (t) => {
    const [out, back] = pair();
    let wrong = 0;
    for (let index = 65_000; index < 265_000; index += 500) {
      for (const at of [index, index + 1]) {
        const plain = datagram(at);
        if (back.unprotect(out.protect(plain) ?? plain)?.equals(plain) !== true) wrong += 1;
      }
    }
    t.equal(wrong, 0);
    t.end();
  });

  await t.test('given a packet again, a forged or an old one, then it is not taken', (t) => {
    const [out, back] = pair();
    const sent = Array.from({ length: 400 }, (_, at) => out.protect(datagram(65_400 + at)));
    const take = (at: number) => back.unprotect(sent[at] ?? Buffer.alloc(0)) !== undefined;
    t.ok(take(0) && take(200) && take(150), 'in any order');
    t.notOk(take(200) || take(150), 'each once');
    t.notOk(take(20), 'too far behind');
    const forged = Buffer.from(sent[201] ?? Buffer.alloc(0));
    forged[20] = (forged[20] ?? 0) ^ 1;
    t.equal(back.unprotect(forged), undefined);
    t.ok(take(201), 'and the genuine one still is');
    t.equal(out.protect(datagram(65_400 + 399)), undefined, 'never two packets with one counter');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        return back.unprotect(Buffer.from(bytes)) === undefined;
      }),
    );
    t.end();
  });

  await t.test('given a new key in mid-stream, then the count of wraps goes on', (t) => {
    const suite = 'AES_CM_128_HMAC_SHA1_80';
    const [out, back] = pair();
    const pass = (from: SrtpTransform, to: SrtpTransform, at: number) =>
      to.unprotect(from.protect(datagram(at)) ?? Buffer.alloc(0)) !== undefined;
    for (let at = 0; at <= 140_000; at += 100) t.ok(pass(out, back, at));
    const key = Buffer.alloc(30, 9);
    const [out2, back2] = [new SrtpTransform(key, suite, out), new SrtpTransform(key, suite, back)];
    t.ok(pass(out2, back2, 140_001), 'after RFC 3711 section 3.3.1');
    t.notOk(pass(out, back2, 140_003), 'the key before opens nothing any more');
    const anew = new SrtpTransform(key, suite);
    const back3 = new SrtpTransform(key, suite, back2);
    t.ok(pass(anew, back3, 140_005), 'nor is a telephone lost that begins at nought');
    t.end();
  });

  await t.test('given another source under the same key, then it has a count of its own', (t) => {
    const [out, back] = pair();
    const from = (ssrc: number, at: number) => {
      const plain = datagram(at);
      plain.writeUInt32BE(ssrc, 8);
      return back.unprotect(out.protect(plain) ?? Buffer.alloc(0)) !== undefined;
    };
    t.ok(from(1, 65_530) && from(1, 65_540) && from(2, 7) && from(1, 65_541) && from(2, 8));
    t.end();
  });

  function pair() {
    const suite = 'AES_CM_128_HMAC_SHA1_80';
    return [new SrtpTransform(master, suite), new SrtpTransform(master, suite)] as const;
  }
});

void t.test('keys', async (t) => {
  interface Sent {
    key: number;
    duration: number;
    at: number;
    timestamp: number;
    isEnd?: boolean;
    marker?: boolean;
    sequence: number;
  }
  const press = (key: number, from: Partial<Sent> & { ticks?: number } = {}): Sent[] => {
    const { sequence = 0, timestamp = 0, at = 0, ticks = 6 } = from;
    return Array.from({ length: ticks + 3 }, (_, index) => ({
      ...{ key, timestamp, sequence: sequence + index, at: at + index * 20 },
      ...{ duration: Math.min(index + 1, ticks) * 160, isEnd: index >= ticks, marker: index === 0 },
    }));
  };
  const hear = (packets: readonly (Sent | undefined)[]) => {
    const receiver = new DtmfReceiver();
    let heard = '';
    let now = 0;
    for (const one of packets) {
      if (one === undefined) continue;
      for (; now < one.at; now += 20) heard += receiver.onTick(now)?.digit ?? '';
      const { key, duration, timestamp, isEnd = false, marker = false, sequence } = one;
      const payload = Buffer.from([key, isEnd ? 0x8a : 0x0a, duration >> 8, duration & 255]);
      const event = { timestamp, sequence: sequence & 0xffff, ssrc: 1, marker, payload };
      heard += receiver
        .onPacket(event, one.at)
        .map(({ digit }) => digit)
        .join('');
    }
    for (const end = now + 400; now < end; now += 20) heard += receiver.onTick(now)?.digit ?? '';
    return heard;
  };
  const three = (clock: (at: number) => number) =>
    [1, 2, 2].flatMap((key, index) =>
      press(key, { sequence: index * 20, at: index * 400, timestamp: clock(index * 3200) }),
    );

  await t.test('given a clock that runs, stands still or runs within a key, then the keys', (t) => {
    t.equal(hear(three((at) => at)), '122');
    t.equal(hear(three(() => 5)), '122', 'one timestamp for all');
    t.equal(hear(three(() => 5).filter((one) => one.marker !== true)), '122', 'first ones lost');
    t.equal(hear(three((at) => at).filter((one) => one.isEnd !== true)), '122', 'ends lost');
    const running = press(5, { ticks: 40 }).map((one, at) => ({ ...one, timestamp: at * 160 }));
    t.equal(hear(running), '5', 'a clock that runs on within a key');
    t.equal(
      hear(
        press(5)
          .map((one) => ({ ...one, marker: true }))
          .slice(0, 6),
      ),
      '5',
      'all marked',
    );
    t.equal(
      hear([...press(16), ...press(0, { sequence: 50, at: 500, timestamp: 9 })]),
      '0',
      'flash',
    );
    t.end();
  });

  await t.test('given a key held for half a minute, then one key', (t) => {
    const packets: Sent[] = [];
    let timestamp = 1000;
    for (let index = 1, duration = 160; index <= 1500; index += 1, duration += 160) {
      if (duration > 0xffff) {
        timestamp += duration - 160;
        duration = 160;
      }
      packets.push({
        key: 7,
        duration,
        timestamp,
        sequence: index,
        at: index * 20,
        marker: index === 1,
      });
    }
    t.equal(hear(packets), '7');
    t.end();
  });

  await t.test('given packets lost, doubled and swapped, then each key once', (t) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(9), { minLength: 60, maxLength: 60 }),
        fc.boolean(),
        (keys, fate, isStill) => {
          const sent = keys.flatMap((key, index) =>
            press(key, {
              ...{ sequence: 65_500 + index * 12, at: index * 400 },
              timestamp: isStill ? 77 : index * 3200,
            }),
          );
          const came = sent.flatMap((one, index) => {
            const place = index % 9;
            // The first and one end are kept, so that a key is a key whatever else is lost.
            if (place !== 0 && place !== 8 && fate[index] === 0) return [];
            return fate[index] === 1 ? [one, one] : [one];
          });
          for (let index = 1; index < came.length; index += 7) {
            const [one, other] = [came[index], came[index + 1]];
            if (one === undefined || other?.at !== one.at + 20) continue;
            came[index] = { ...other, at: one.at };
            came[index + 1] = { ...one, at: other.at };
          }
          return hear(came) === keys.map((key) => '0123456789*#ABCD'[key]).join('');
        },
      ),
    );
    t.end();
  });

  await t.test('given keys by INFO, then event codes and characters, and no flash', (t) => {
    const relay = (value: string) => infoKey('application/dtmf-relay', value)?.digit;
    const plain = (value: string) => infoKey('Application/DTMF;x=1', value)?.digit;
    t.same(
      ['10', '11', '12', '15', '16', '5', '*', '#', 'd', '99', '', '-1', '1a'].map((value) =>
        relay(`Signal=${value}\r\nDuration=160\r\n`),
      ),
      [
        '*',
        '#',
        'A',
        'D',
        undefined,
        '5',
        '*',
        '#',
        'D',
        undefined,
        undefined,
        undefined,
        undefined,
      ],
    );
    t.same(['11', '5', 'd=9', ' 10 \r\n', '16', '*'].map(plain), [
      '#',
      '5',
      '9',
      '*',
      undefined,
      '*',
    ]);
    t.same(infoKey('application/dtmf-relay', 'Duration= 250\nsignal = 7\n'), {
      digit: '7',
      durationMs: 250,
    });
    t.equal(infoKey('text/plain', 'Signal=5'), undefined);
    t.equal(relay(`${'\n'.repeat(100_000)}Signal=5`), undefined, 'only the beginning is read');
    t.end();
  });
});

void t.test('the playout', async (t) => {
  const pcma = codecs.PCMA;
  const play = (packets: readonly RtpPacket[], ticksBetween = 1) => {
    const buffer = new PlayoutBuffer();
    const heard: number[] = [];
    const frame = new Int16Array(160);
    for (const one of packets) {
      buffer.push(one, pcma);
      for (let tick = 0; tick < ticksBetween; tick += 1) {
        if (buffer.pull(frame)) heard.push(...frame);
      }
    }
    while (buffer.pull(frame)) heard.push(...frame);
    for (let tick = 0; tick < 12; tick += 1) if (buffer.pull(frame)) heard.push(...frame);
    return { heard, buffer };
  };
  const loudness = (heard: readonly number[]) => heard.filter((one) => one !== 0).length;

  await t.test('given packets of 10 to 100 ms, then every sample is heard', (t) => {
    for (const ms of [10, 20, 30, 40, 60, 80, 100]) {
      const payload = Buffer.alloc(ms * 8, 0x35);
      const packets = Array.from({ length: 2400 / ms }, (_, at) => packet(at, { payload }));
      const perTick = Math.max(1, Math.round(ms / 20));
      const inOrder = ms === 30 ? packets.slice(0, 40) : packets;
      const { heard } = play(ms === 10 ? packets.slice(0, 16) : inOrder, ms === 10 ? 0 : perTick);
      const sent = (ms === 10 ? 16 : inOrder.length) * ms * 8;
      t.equal(loudness(heard), sent, `${ms} ms`);
    }
    t.end();
  });

  await t.test('given a new SSRC whose numbers lie behind, then no word is lost', (t) => {
    const loud = Buffer.alloc(160, 0x35);
    const first = Array.from({ length: 50 }, (_, at) => packet(1000 + at, { payload: loud }));
    for (const from of [955, 1049, 10, 40_000, 1500]) {
      const second = Array.from({ length: 50 }, (_, at) =>
        packet(from + at, { payload: loud, ssrc: 2 }),
      );
      t.equal(loudness(play([...first, ...second]).heard), 100 * 160, `from ${from}`);
    }
    const jump = Array.from({ length: 50 }, (_, at) => packet(30_000 + at, { payload: loud }));
    t.equal(loudness(play([...first, ...jump]).heard), 100 * 160, 'numbers that jump');
    t.end();
  });

  await t.test('given empty, oversized, doubled and late packets, then they do no harm', (t) => {
    const loud = Buffer.alloc(160, 0x35);
    const packets = Array.from({ length: 20 }, (_, at) => packet(at, { payload: loud }));
    const odd = [Buffer.alloc(0), Buffer.alloc(1400, 0x35)].map((payload) =>
      packet(5, { payload }),
    );
    const { heard } = play([...packets.slice(0, 10), ...odd, ...packets.slice(5)]);
    t.equal(loudness(heard), 20 * 160);
    t.end();
  });
});

void t.test('packets that are passed on', (t) => {
  const numbers = new RelayNumbers();
  const place = (sequence: number) => numbers.place(packet(sequence), 500, 8000)?.sequence;
  t.same([65_534, 65_535, 0, 0, 2, 1, 1, 3].map(place), [
    ...[500, 501, 502, undefined, 504, 503, undefined, 505],
  ]);
  t.equal(place(65_533), undefined, 'before the first');
  numbers.interrupt();
  t.equal(numbers.place(packet(4), 900, 8000)?.sequence, 900);
  t.equal(numbers.place(packet(5, { ssrc: 9 }), 901, 8160)?.sequence, 901, 'another stream');
  t.end();
});

void t.test('given 50,000 datagrams of seeded nonsense, then nothing throws', (t) => {
  for (const seed of [1, 2, 3, 4, 5]) t.ok(fuzz(seed, 10_000) > 3000, `seed ${seed}`);
  t.end();
});

void t.test('given headers of every kind, then the payload, or nothing', (t) => {
  const plain = datagram(7);
  t.equal(parseRtp(plain)?.payload.length, 160);
  const withSources = Buffer.concat([plain.subarray(0, 12), Buffer.alloc(8), plain.subarray(12)]);
  withSources[0] = 0x82;
  t.equal(parseRtp(withSources)?.payload.length, 160);
  const extension = Buffer.from([0xbe, 0xde, 0, 1, 1, 2, 3, 4]);
  const extended = Buffer.concat([plain.subarray(0, 12), extension, plain.subarray(12)]);
  extended[0] = 0x90;
  t.equal(parseRtp(extended)?.payload.length, 160);
  const padded = Buffer.concat([plain, Buffer.from([0, 0, 0, 4])]);
  padded[0] = 0xa0;
  t.equal(parseRtp(padded)?.payload.length, 160);
  padded[padded.length - 1] = 0;
  t.equal(parseRtp(padded), undefined);
  padded[padded.length - 1] = 255;
  t.equal(parseRtp(padded), undefined);
  extended.writeUInt16BE(0xffff, 14);
  t.equal(parseRtp(extended), undefined);
  const rtcp = Buffer.alloc(28);
  rtcp[0] = 0x80;
  rtcp[1] = 200;
  t.equal(parseRtp(rtcp), undefined);
  t.end();
});

function packet(sequence: number, change: Partial<RtpPacket> = {}): RtpPacket {
  return {
    ...{ payloadType: 8, marker: false, sequence: sequence & 0xffff, ssrc: 1 },
    ...{ timestamp: (sequence * 160) >>> 0, payload: Buffer.alloc(160, 0xd5), ...change },
  };
}

function datagram(sequence: number): Buffer {
  const bytes = Buffer.alloc(172, 0xd5);
  bytes[0] = 0x80;
  bytes[1] = 8;
  bytes.writeUInt16BE(sequence & 0xffff, 2);
  bytes.writeUInt32BE((sequence * 160) >>> 0, 4);
  bytes.writeUInt32BE(7, 8);
  return bytes;
}

void t.test('a leg that moves every three seconds does not send to a third party for long', (t) => {
  /** Milliseconds of audio sent in a row to a place that is silent. */
  const send = (budget: UnheardBudget, from: number, forMs: number) => {
    let sentMs = 0;
    for (let at = 0; at < forMs; at += 20) if (budget.spend(from + at)) sentMs += 20;
    return sentMs;
  };
  const budget = new UnheardBudget(5000);
  let total = 0;
  for (let move = 0; move < 20; move += 1) total += send(budget, move * 3000, 3000);
  t.ok(Math.abs(total - 5000) <= 100, `five seconds in all (${total})`);
  budget.onHeard(20);
  t.ok(send(budget, 70_000, 3000) <= 100, 'one packet heard gives back one packet');
  for (let at = 0; at < 3000; at += 20) budget.onHeard(20);
  const again = send(budget, 80_000, 60_000);
  t.ok(Math.abs(again - 3000) <= 100, `what was heard is given back (${again})`);
  const fresh = new UnheardBudget(5000);
  for (let at = 0; at < 60_000; at += 20) fresh.onHeard(20);
  t.ok(send(fresh, 0, 60_000) <= 5100, 'and never more than that');
  t.end();
});
