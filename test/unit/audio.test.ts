import t from 'tap';
import { createLog, silentLog } from '../../src/core/log.ts';
import { createMedia, toneSource, type RtpPacket, type Wire } from '../../src/switch/rtp/index.ts';
import { TickWatch } from '../../src/switch/rtp/tick-watch.ts';
import { SwitchAudio } from '../../src/cti/nodes/audio.ts';
import { until } from '../support/until.ts';

void t.test('the audio of all calls', async (t) => {
  const media = createMedia(
    { host: '127.0.0.1', ports: { from: 42_000, to: 43_998 }, timeoutMs: 600_000 },
    silentLog(),
  );
  t.teardown(() => media.close());

  await t.test('given a leg that throws at every tick, then it alone ends', async (t) => {
    const [bad, good] = [await media.open(), await media.open()];
    let failed: unknown;
    let frames = 0;
    bad.onFailed = (error) => (failed = error);
    bad.taps.addListener(() => {
      throw new Error('an ear that breaks');
    });
    good.taps.addListener(() => (frames += 1));
    await until('the bad leg to end', () => failed !== undefined);
    const before = frames;
    await until('the other to go on', () => frames > before + 10);
    t.match(failed, { message: 'an ear that breaks' });
    t.equal(media.health.failedLegs, 1);
    good.close();
  });

  await t.test('given a leg that throws at a packet, then it alone ends', async (t) => {
    const wire = new HandWire();
    const leg = media.attach(wire);
    leg.setRemote(remote(9));
    let isTold = false;
    leg.onFailed = () => {
      isTold = true;
      throw new Error('whoever is told breaks as well');
    };
    leg.onAudio = () => {
      throw new Error('broken');
    };
    t.doesNotThrow(() => wire.onPacket(packet(1)));
    t.ok(isTold && wire.isClosed);
    t.doesNotThrow(() => wire.onPacket(packet(2)), 'nor afterwards');
    await Promise.resolve();
  });

  await t.test('given addresses that nothing can be sent to, then nothing throws', async (t) => {
    const places = [
      { host: '127.0.0.1', port: 99_999 },
      { host: '127.0.0.1', port: 0 },
      { host: '127.0.0.1', port: -1 },
      { host: '127.0.0.1', port: Number.NaN },
      { host: '127.0.0.1', port: 5004.5 },
      { host: '255.255.255.255', port: 5004 },
      { host: '224.0.0.1', port: 5004 },
      { host: '0.0.0.0', port: 5004 },
      { host: '999.1.1.1', port: 5004 },
      { host: '240.0.0.1', port: 5004 },
      { host: 'a-name-to-look-up.invalid', port: 5004 },
      { host: '::1', port: 5004 },
      { host: '', port: 5004 },
    ];
    const failedBefore = media.health.failedLegs;
    const legs = await Promise.all(places.map(() => media.open()));
    let frames = 0;
    for (const [at, leg] of legs.entries()) {
      leg.setRemote({ ...remote(0), ...places[at] });
      leg.taps.addListener(() => (frames += 1));
    }
    await until('five rounds of ticks', () => frames > 5 * legs.length);
    t.equal(media.health.failedLegs, failedBefore);
    for (const leg of legs) leg.close();
  });

  await t.test(
    'given keys of SRTP, then both sides hear, and whoever has none hears nothing',
    async (t) => {
      const [one, other] = [await media.open(), await media.open()];
      const suite = 'AES_CM_128_HMAC_SHA1_80' as const;
      const [localKey, remoteKey] = [Buffer.alloc(30, 1), Buffer.alloc(30, 2)];
      let loudest = 0;
      other.taps.addListener((frame) => (loudest = Math.max(loudest, ...frame)));
      one.setRemote({ ...remote(other.localPort), srtp: { suite, localKey, remoteKey } });
      other.setRemote({
        ...remote(one.localPort),
        srtp: { suite, localKey: remoteKey, remoteKey: localKey },
      });
      one.playback.setBackground(toneSource('%(1000,0,440);loops=-1'));
      await until('a tone', () => loudest > 1000);
      other.setRemote({
        ...remote(one.localPort),
        srtp: { suite, localKey: remoteKey, remoteKey: Buffer.alloc(30, 3) },
      });
      // The key before counts for a moment more: until the far end has our answer it uses that.
      let last = { received: 0, sent: 0 };
      await until('another key to open nothing', () => {
        const [received, sent] = [other.stats.packetsReceived, one.stats.packetsSent];
        if (received !== last.received) last = { received, sent };
        return sent > last.sent + 10;
      });
      t.ok(last.received > 0);
      one.close();
      other.close();
    },
  );

  await t.test('given a wire that cannot send, then the leg lives on', async (t) => {
    const wire = new HandWire();
    wire.send = () => {
      throw new Error('EINVAL');
    };
    const leg = media.attach(wire);
    leg.setRemote(remote(5004));
    await until('some tries', () => media.health.sendErrors > 3);
    t.notOk(wire.isClosed);
    leg.close();
  });

  await t.test(
    'given all who work on the ticks throw, then new ones are ticked again',
    async (t) => {
      let failures = 0;
      for (let count = 0; count < 5; count += 1) {
        media.every20Ms(
          () => {
            throw new Error('x');
          },
          () => {
            failures += 1;
            throw new Error('y');
          },
        );
      }
      await until('all to be told', () => failures === 5);
      let ticks = 0;
      const stop = media.every20Ms(
        () => (ticks += 1),
        () => undefined,
      );
      await until('ticks', () => ticks > 5);
      t.equal(failures, 5, 'each once');
      stop();
    },
  );

  await t.test('given a process that is held up, then the audio is told as late', async (t) => {
    const states: string[] = [];
    const own = createMedia(
      { host: '127.0.0.1', ports: { from: 42_000, to: 43_998 }, timeoutMs: 600_000 },
      createLog({ level: 'silent', isPretty: false, isPiiHidden: false }),
    );
    own.onStateChange = (state) => states.push(state);
    const leg = await own.open();
    let frames = 0;
    leg.taps.addListener(() => (frames += 1));
    await until('ticks', () => frames > 2);
    const end = performance.now() + 600;
    while (performance.now() < end);
    await until('it to be told', () => states.includes('late'));
    t.ok(own.health.stalls >= 1);
    const before = frames;
    await until('audio to go on', () => frames > before + 5);
    own.close();
  });
});

void t.test(
  'given a process that stood still for longer than a far end may be silent',
  async (t) => {
    const media = createMedia(
      { host: '127.0.0.1', ports: { from: 42_000, to: 43_998 }, timeoutMs: 300 },
      silentLog(),
    );
    t.teardown(() => media.close());
    let gone = 0;
    let frames = 0;
    // One for each phase of the ticker: the first phase ticks before anything that came meanwhile is read.
    for (let index = 0; index < 4; index += 1) {
      const leg = media.attach(new HandWire());
      leg.setRemote(remote(9));
      leg.taps.addListener(() => (frames += 1));
      leg.onTimeout = () => (gone += 1);
    }
    await until('ticks', () => frames > 8);
    const end = performance.now() + 500;
    while (performance.now() < end);
    const before = frames;
    await until('ticks again', () => frames > before + 8);
    t.equal(gone, 0, 'then nobody is taken as gone');
    await until('silence that is theirs', () => gone >= 4);
  },
);

void t.test('whether audio flows', (t) => {
  const states: string[] = [];
  const watch = new TickWatch(0, (state) => states.push(state));
  t.equal(watch.onCheck(5000), undefined, 'nobody is there to be ticked');
  watch.onStart(5000);
  for (let now = 5005; now < 6000; now += 5) watch.onRun(now, 0);
  t.equal(watch.onCheck(6000), undefined);
  t.same([watch.state, watch.stalls], ['flowing', 0]);
  t.equal(watch.onCheck(6400), 405, 'the ticks stopped: start them again');
  t.equal(watch.onCheck(6650), 655, 'and again');
  t.same([watch.state, watch.stalls], ['stopped', 1], 'one stall');
  watch.onRun(6655, 660);
  t.equal(watch.onCheck(6700), undefined);
  t.same([watch.state, watch.stalls], ['late', 1], 'still the same stall');
  for (let now = 6700; now < 17_000; now += 5) watch.onRun(now, 1);
  watch.onCheck(17_000);
  t.equal(watch.state, 'flowing');
  watch.onRun(17_150, 150);
  watch.onCheck(17_200);
  t.same([watch.state, watch.stalls], ['late', 2], 'late enough to be heard');
  watch.onIdle();
  t.equal(watch.state, 'flowing', 'nobody is there who could hear it');
  t.same(states, ['stopped', 'late', 'flowing', 'late', 'flowing']);
  t.end();
});

void t.test('what a switch tells of its audio', (t) => {
  const audio = new SwitchAudio();
  audio.onConnect(0);
  t.equal(audio.report(1000).state, 'unknown', 'it has told nothing yet');
  audio.onHeartbeat({ 'Audio-State': 'late', 'Audio-Stalls': '3' });
  t.match(audio.report(1000), { state: 'late', counts: { stalls: 3, failed_legs: 0 } });
  audio.onAnswer(3000);
  t.equal(audio.report(9000).state, 'late');
  t.equal(audio.report(10_001).state, 'stopped', 'it answers nothing any more');
  audio.onAnswer(10_002);
  audio.onHeartbeat({});
  t.equal(audio.report(10_003).state, 'late', 'a heartbeat without a word changes nothing');
  t.end();
});

/** A wire whose packets the test hands over. */
class HandWire implements Wire {
  readonly localPort = 9;
  onPacket: Wire['onPacket'] = () => undefined;
  onSign: Wire['onSign'] = () => undefined;
  isHeard = true;
  readonly sent: Buffer[] = [];
  isClosed = false;
  aim(): void {
    // Nowhere.
  }
  send(datagram: Buffer): void {
    this.sent.push(Buffer.from(datagram));
  }
  close(): void {
    this.isClosed = true;
  }
}

function remote(port: number) {
  return {
    host: '127.0.0.1',
    port,
    codec: 'PCMA' as const,
    payloadType: 8,
    dtmfPayloadType: 101,
    direction: 'sendrecv' as const,
  };
}

function packet(sequence: number, change: Partial<RtpPacket> = {}): RtpPacket {
  return {
    payloadType: 8,
    marker: false,
    sequence,
    timestamp: sequence * 160,
    ssrc: 1,
    payload: Buffer.alloc(160, 0xd5),
    ...change,
  };
}
