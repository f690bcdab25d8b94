import t, { type Test } from 'tap';
import type { ArticleView } from '../../src/contract/articles.ts';
import { spokenPieces } from '../../src/content/index.ts';
import { readProse } from '../../src/tts/index.ts';
import { call, says } from '../support/calls.ts';
import { hears } from '../support/hearing.ts';
import { startService } from '../support/service.ts';
import { startTextGateway } from '../support/text-gateway.ts';
import { until } from '../support/until.ts';

void t.test('information on the telephone', async (t) => {
  const gateway = await startTextGateway();
  t.teardown(() => gateway.close());
  const { url, token, secret } = gateway;
  // Without a trunk neither switch can fax.
  const service = await startService({ SMS_URL: url, SMS_TOKEN: token, SMS_SECRET: secret });
  t.teardown(() => service.stop());
  const { db } = service.database;
  // Callers listen for most of their time; several do so at once.
  t.jobs = 3;

  /** The file of what is said of an article, by its place. */
  const pieceOf = async (id: string, at: number, wanted: 'zh-CN' | 'en') => {
    const article = await db
      .selectFrom('article')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const piece = spokenPieces(article, wanted)[at];
    if (piece === undefined) throw new Error('the article has no such piece');
    return says(service, readProse(piece.text, piece.language), piece.language);
  };

  /** The demo's, for all estates. */
  const demo = async (topic: 'company' | 'rules') => {
    const rows = db.selectFrom('article').select('id').where('estateId', 'is', null);
    return (await rows.where('topic', '=', topic).executeTakeFirstOrThrow()).id;
  };
  const [company, rules] = await Promise.all([demo('company'), demo('rules')]);

  const listening: Promise<unknown>[] = [];
  const together = (what: string, run: (t: Test) => Promise<void>) => {
    listening.push(t.test(what, { buffered: true }, run));
  };
  together('given 5 and a topic, then its article is read, again, and no more', async (t) => {
    const caller = await call(service, '13712341001', '!5,!2');
    const words = await pieceOf(company, 1, 'zh-CN');
    t.ok((await hears(caller, words)) > 0.9, 'the article is heard');
    const fromMs = caller.received.totalMs;
    await caller.press('1');
    t.ok((await hears(caller, words, { fromMs })) > 0.9, 'and once more after 1');
    await caller.press('2');
    const last = await says(service, '这个主题没有更多资料了。');
    t.ok((await hears(caller, last)) > 0.9, 'there is no second one');
    caller.hangup();
    await caller.close();
  });

  together('given English and the second page, then the article in English', async (t) => {
    const caller = await call(service, '13712341002', '!8,!5,!6,!5');
    t.ok((await hears(caller, await pieceOf(rules, 1, 'en'))) > 0.9);
    caller.hangup();
    await caller.close();
  });

  together('given a topic without an article, then it is said by name', async (t) => {
    const caller = await call(service, '13712341003', '!5,!6,!3', '4100');
    const none = await says(service, '“街道介绍”暂时没有资料。');
    t.ok((await hears(caller, none)) > 0.9);
    caller.hangup();
    await caller.close();
  });

  together('given no way to fax, then the article comes as a text', async (t) => {
    const caller = await call(service, '13712341004', '!5,!2');
    const words = await pieceOf(company, 0, 'zh-CN');
    t.ok((await hears(caller, words)) > 0.9);
    await caller.press('3');
    const offer = await says(service, '目前无法发送传真。');
    t.ok((await hears(caller, offer)) > 0.9, 'the caller hears that there is no fax');
    await caller.press('1');
    const text = await until('the text', () =>
      gateway.texts.find(({ to }) => to === '13712341004'),
    );
    t.match(text.text, /物业公司介绍。我们是一家从事住宅物业服务的企业/);
    const done = await says(service, '短信将发送到您的来电号码。');
    t.ok((await hears(caller, done)) > 0.9);
    caller.hangup();
    await caller.close();
  });

  together('given staff publish an article, then the next caller hears it', async (t) => {
    const token = await service.token('supervisor');
    const { id: estateId } = await db
      .selectFrom('estate')
      .select('id')
      .where('code', '=', 'JX')
      .executeTakeFirstOrThrow();
    const post = async (path: string, body: unknown) => {
      const reply = await service.api(path, { token, method: 'POST', body });
      t.ok(reply.ok, `${path}: ${reply.status}`);
      return (await reply.json()) as ArticleView;
    };
    const { id } = await post('/articles', {
      ...{ estateId, topic: 'decoration' },
      title: { 'zh-CN': '春节期间停止装修', en: '' },
      // As long as one can be: all of it is one announcement.
      body: { 'zh-CN': `春节期间，小区内一律停止装修施工。\n${manyRules(3000 - 18)}`, en: '' },
    });
    await post(`/articles/${id}/publish`, {});
    const words = await pieceOf(id, 1, 'zh-CN');
    const caller = await call(service, '13712341005', '!5,!3');
    t.ok((await hears(caller, words)) > 0.9, 'the own estate’s comes first');
    const fromMs = caller.received.totalMs;
    await post(`/articles/${id}/withdraw`, {});
    await caller.press('1');
    const gone = await says(service, '这篇资料暂时无法播放。');
    t.ok((await hears(caller, gone, { fromMs })) > 0.9, 'what is withdrawn is not read again');
    caller.hangup();
    await caller.close();
  });

  // Nobody else is on the line when the service dies.
  await Promise.all(listening);
  await t.test(
    'given a service that dies while it reads, then the caller hears it all',
    async (t) => {
      const caller = await call(service, '13712341006', '!5,!2');
      t.ok((await hears(caller, await pieceOf(company, 0, 'zh-CN'))) > 0.9);
      // The switch waits 8 s for whoever takes a new call, and longer once the service has seen to it.
      await until('the switch to wait longer', () => caller.received.totalMs >= 5000);
      await service.kill();
      await service.start();
      t.ok((await hears(caller, await pieceOf(company, 3, 'zh-CN'))) > 0.9, 'the end of it');
      const fromMs = caller.received.totalMs;
      await caller.press('1');
      const again = await hears(caller, await pieceOf(company, 1, 'zh-CN'), { fromMs });
      t.ok(again > 0.9, 'and keys go on counting');
      caller.hangup();
      await caller.close();
    },
  );
});

/** Sentences of that many characters in all, no two alike. */
function manyRules(length: number): string {
  let text = '';
  for (let at = 1; text.length < length; at += 1) text += `第${at}条请遵守。`;
  return `${text.slice(0, length - 1)}。`;
}
