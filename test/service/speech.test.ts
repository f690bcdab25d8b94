import t from 'tap';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toneShare } from '../../scripts/phone/ear.ts';
import { silentLog } from '../../src/core/log.ts';
import { until } from '../support/until.ts';
import { decodeWav } from '../../src/switch/rtp/index.ts';
import { createTts } from '../../src/tts/index.ts';
import { readModel } from '../../src/tts/providers/sherpa.ts';
import { wavOf } from '../../src/tts/wav.ts';

const mp3 = readFileSync(path.join(import.meta.dirname, '../fixtures/tone-1000hz.mp3'));
/** Half a second, so that nobody takes it for one of eSpeak NG's sentences. */
const tone = wavOf(
  Int16Array.from({ length: 12_000 }, (_, at) =>
    Math.round(9000 * Math.sin((2 * Math.PI * 600 * at) / 24_000)),
  ),
  24_000,
);

type Manner = 'good' | 'late' | 'never' | 'broken' | 'garbage' | 'silent';

/** A speech service on the network, in whatever mood the test wants. */
async function startVoice() {
  const asked: { url: string; body: string }[] = [];
  const late: ServerResponse[] = [];
  const voice = {
    manner: 'good' as Manner,
    url: '',
    asked,
    /** Answers what it has kept waiting. */
    release() {
      for (const reply of late.splice(0)) reply.end(tone);
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer((request, reply) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      asked.push({ url: request.url ?? '', body });
      if (request.url?.startsWith('/translate_tts') === true) reply.end(mp3);
      else if (voice.manner === 'good') reply.end(tone);
      else if (voice.manner === 'late') late.push(reply);
      else if (voice.manner === 'broken') reply.writeHead(500).end('no');
      else if (voice.manner === 'garbage') reply.end('this is no audio');
      else if (voice.manner === 'silent') reply.end(wavOf(new Int16Array(8000)));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  voice.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return voice;
}

const dir = mkdtempSync(path.join(tmpdir(), 'lingting-speech-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
let folders = 0;
const hello = { text: '您好。', language: 'zh-CN' as const };

function speech(url: string, more: Partial<Parameters<typeof createTts>[0]> = {}) {
  return createTts({
    providers: ['http', 'espeak'],
    http: { url, key: 'a-key', voice: 'alloy', model: 'tts-1' },
    googleHost: url,
    sherpaDir: undefined,
    recordedDir: undefined,
    cacheDir: path.join(dir, `cache-${(folders += 1)}`),
    log: silentLog(),
    ...more,
  });
}

function isTone(file: string, hz: number): boolean {
  return toneShare(decodeWav(readFileSync(file)).subarray(400, 3600), hz) > 0.5;
}

void t.test('speech', async (t) => {
  const voice = await startVoice();
  t.teardown(() => voice.close());

  await t.test('given a good service, then its voice, asked once', async (t) => {
    voice.manner = 'good';
    const tts = await speech(voice.url);
    const before = voice.asked.length;
    const [first, second] = await Promise.all([tts.renderAhead(hello), tts.renderAhead(hello)]);
    t.ok(isTone(first, 600));
    t.equal(second, first);
    t.equal(await tts.render(hello), first);
    t.equal(voice.asked.length, before + 1);
    t.match(JSON.parse(voice.asked.at(-1)?.body ?? '{}'), {
      input: '您好。',
      model: 'tts-1',
      response_format: 'wav',
    });
    t.equal(readFileSync(first).readUInt32LE(24), 8000, 'as the telephone wants it');
  });

  for (const manner of ['broken', 'garbage', 'silent', 'never'] as const) {
    await t.test(`given a service that is ${manner}, then the next one speaks`, async (t) => {
      voice.manner = manner;
      const tts = await speech(voice.url);
      const began = Date.now();
      const file = await tts.render(hello);
      t.notOk(isTone(file, 600));
      t.ok(decodeWav(readFileSync(file)).length > 2000, 'something is heard');
      // 0.7 s of patience and eSpeak NG's few milliseconds; the rest is for a busy machine. Without
      // patience it would be 30 s.
      t.ok(Date.now() - began < 15_000, 'the caller does not wait for long');
      const asked = voice.asked.length;
      await tts.render({ ...hello, text: '再见。' });
      t.equal(voice.asked.length, asked, 'one that failed is left alone for a while');
    });
  }

  await t.test('given a late answer, then it is kept for the next caller', async (t) => {
    voice.manner = 'late';
    const tts = await speech(voice.url);
    const before = voice.asked.length;
    t.notOk(isTone(await tts.render(hello), 600));
    await until('the service to be asked', () => voice.asked.length > before);
    voice.release();
    await until('the better voice', async () => isTone(await tts.render(hello), 600));
    t.pass('heard from then on');
  });

  await t.test('given time enough, then the better voice is waited for', async (t) => {
    voice.manner = 'late';
    const tts = await speech(voice.url);
    const before = voice.asked.length;
    const ahead = tts.renderAhead(hello);
    await until('the service to be asked', () => voice.asked.length > before);
    t.notOk(isTone(await tts.render(hello), 600), 'a caller is not kept waiting');
    voice.release();
    t.ok(isTone(await ahead, 600));
  });

  await t.test('given a recorded file, then it wins', async (t) => {
    voice.manner = 'good';
    const recordedDir = path.join(dir, 'recorded');
    mkdirSync(recordedDir, { recursive: true });
    const { createHash } = await import('node:crypto');
    const name = createHash('sha256').update('zh-CN\n您好。').digest('hex').slice(0, 32);
    writeFileSync(path.join(recordedDir, `${name}.wav`), tone);
    const tts = await speech(voice.url, { recordedDir });
    t.equal(await tts.render(hello), path.join(recordedDir, `${name}.wav`));
  });

  await t.test('given google, then its MP3 is heard, and long text goes in parts', async (t) => {
    const tts = await speech(voice.url, { providers: ['google'] });
    const before = voice.asked.length;
    const long = '尊敬的业主，您好。'.repeat(30);
    t.ok(isTone(await tts.renderAhead({ text: long, language: 'zh-CN' }), 1000));
    const parts = voice.asked
      .slice(before)
      .map(({ url }) => new URL(url, voice.url).searchParams.get('q') ?? '');
    t.ok(parts.length > 1);
    t.ok(parts.every((part) => part.length <= 200));
    t.equal(parts.join(''), long, 'nothing is left out');
  });

  await t.test('given sherpa without its model, then the setting is named', async (t) => {
    await t.rejects(speech(voice.url, { providers: ['sherpa'], sherpaDir: '/nowhere' }), {
      code: 'tts.model_missing',
      message: /TTS_SHERPA_DIR is \/nowhere, which does not exist/,
    });
    const empty = path.join(dir, 'empty');
    mkdirSync(empty);
    t.throws(() => readModel(empty), /no \.onnx model/);
    writeFileSync(path.join(empty, 'model.onnx'), '');
    t.throws(() => readModel(empty), /no tokens\.txt/);
    writeFileSync(path.join(empty, 'tokens.txt'), '');
    t.match(readModel(empty), { name: 'vits model.onnx', config: { vits: {} } });
    writeFileSync(path.join(empty, 'voices.bin'), '');
    t.match(readModel(empty), { name: 'kokoro model.onnx' });
    // Package missing, or a model that is none: either way an error that says what to do.
    await t.rejects(speech(voice.url, { providers: ['sherpa'], sherpaDir: empty }), {
      code: /^tts\.(package|model)_missing$/,
    });
  });
});
