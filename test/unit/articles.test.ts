import t from 'tap';
import fc from 'fast-check';
import { demoArticles } from '../../src/content/demo/articles.ts';
import {
  articleText,
  articleTransitions,
  spokenPieces,
  textMessage,
  topics,
} from '../../src/content/index.ts';
import { unreachableStates } from '../../src/core/states.ts';
import { nextArticle } from '../../src/ivr/articles.ts';
import { advance, start } from '../../src/content/flows/machine.ts';
import type { Action } from '../../src/content/flows/state.types.ts';
import { shippedFlows } from '../../src/ivr/index.ts';
import { readProse } from '../../src/tts/index.ts';

const article = {
  title: '停车月卡',
  body: '请携带身份证。\n地下车位每月300元，地面车位每月150元。',
  titleEn: 'Parking passes',
  bodyEn: 'Bring your identity card.\nA space underground costs 300 yuan a month.',
};
const [flow] = shippedFlows;
if (flow === undefined) throw new Error('no flow is shipped');
const context = {
  version: 1,
  language: 'zh-CN' as const,
  vars: { greeting: { 'zh-CN': '您好。', en: 'Hello.' } },
};
const key = (digits: string) => ({ kind: 'digits' as const, digits });
const found = (result: string, vars = {}) => ({ kind: 'result' as const, result, vars });

void t.test('what is said of an article', async (t) => {
  await t.test('given both languages, then the title and whole sentences of the one', (t) => {
    t.same(spokenPieces(article, 'zh-CN'), [
      { text: '停车月卡。', language: 'zh-CN' },
      { text: '请携带身份证。地下车位每月300元，地面车位每月150元。', language: 'zh-CN' },
    ]);
    t.same(
      spokenPieces(article, 'en').map(({ text }) => text),
      ['Parking passes.', 'Bring your identity card. A space underground costs 300 yuan a month.'],
    );
    t.end();
  });

  await t.test('given no English, then the Chinese words in the Chinese voice', (t) => {
    const chinese = { ...article, titleEn: '', bodyEn: '' };
    t.same(spokenPieces(chinese, 'en'), spokenPieces(article, 'zh-CN'));
    t.equal(articleText(chinese, 'en').language, 'zh-CN');
    t.end();
  });

  await t.test('given anything that may be written, then all of it in few short pieces', (t) => {
    const bare = (text: string) => text.replaceAll(/[\s。.]/g, '');
    const words = fc.string({
      unit: fc.constantFrom(...'水电费。，！a b.12\n'),
      minLength: 1,
      maxLength: 3000,
    });
    fc.assert(
      fc.property(words, fc.constantFrom('zh-CN' as const, 'en' as const), (body, language) => {
        const written = { title: '题', body, titleEn: 'T', bodyEn: body };
        const pieces = spokenPieces(written, language);
        const title = language === 'en' ? 'T' : '题';
        t.equal(bare(pieces.map(({ text }) => text).join('')), bare(title + body));
        // FreeSWITCH takes 128 files in one announcement.
        t.ok(pieces.length < 120, `${pieces.length} pieces`);
        t.ok(pieces.every(({ text }) => text.length <= 2 * 180));
      }),
      { numRuns: 100 },
    );
    t.end();
  });

  await t.test('given a text message, then it fits six parts and says where the rest is', (t) => {
    const options = { sign: '锦绣花园', hotline: '4000' };
    t.equal(
      textMessage(article, 'zh-CN', options),
      '【锦绣花园】停车月卡。请携带身份证。地下车位每月300元，地面车位每月150元。',
    );
    const long = textMessage({ ...article, body: '字'.repeat(2000) }, 'zh-CN', options);
    t.equal(long.length, 400);
    t.ok(long.endsWith('……全文请致电4000收听。'));
    t.match(
      textMessage({ ...article, bodyEn: 'word '.repeat(500) }, 'en', options),
      / Call 4000 to hear it all\.$/,
    );
    t.end();
  });
});

void t.test('figures in running text are read by what they are', (t) => {
  const examples = [
    ['2016年交付，共12栋。', '二零一六年交付，共十二栋。'],
    ['每天8:00至20:30接待。', '每天上午八点至晚上八点三十分接待。'],
    ['每月300元，押金86.50元。', '每月三百元，押金八十六元五角。'],
    ['绿化率35%。', '绿化率百分之三十五。'],
    ['请拨打110或者0571-88886666。', '请拨打幺幺零或者零五七幺，八八八八六六六六。'],
    ['投诉热线12345。', '投诉热线幺二三四五。'],
    ['共有12000户，2个出口。', '共有一万二千户，两个出口。'],
    ['保管2小时，第2栋。', '保管两小时，第二栋。'],
  ] as const;
  for (const [text, spoken] of examples) t.equal(readProse(text, 'zh-CN'), spoken);
  t.equal(
    readProse('Call 4000 or 0571-88886666. It costs ¥86.50 for 300 days.', 'en'),
    'Call 4 0 0 0 or 0 5 7 1, 8 8 8 8 6 6 6 6. It costs 86 yuan and 50 fen for 300 days.',
  );
  t.end();
});

void t.test('the demo has something on every topic, in both languages', (t) => {
  for (const estate of ['JX', 'BJ']) {
    const heard = demoArticles.filter((one) => one.estate === null || one.estate === estate);
    const missing = topics.filter((topic) => !heard.some((one) => one.topic === topic));
    // The streets around Riverside One are left out: callers there hear what to do then.
    t.same(missing, estate === 'BJ' ? ['street'] : []);
  }
  for (const { title, body, titleEn, bodyEn } of demoArticles) {
    t.notMatch(title + body, /[,;!?()]|\. /, `half-width punctuation in ${title}`);
    t.notMatch(titleEn + bodyEn, /[\u3000-\u9fff\uff00-\uffef]/, `Chinese in ${titleEn}`);
    t.not(bodyEn, '');
  }
  t.end();
});

void t.test('no state of an article is out of reach', (t) => {
  t.same(unreachableStates(articleTransitions, 'draft'), []);
  t.end();
});

void t.test('information on the telephone', async (t) => {
  const main = start(flow, context);
  const ids = ['01a20cb0-c8e1-76ab-9298-a0c889f5981e', '01a20cb0-c998-7348-935b-3c5bae6e1956'];
  const many = found('many', { articles: ids, article: ids[0] ?? '', articleCount: 2 });
  /** At the first article of a topic. */
  const reading = (outcome = many) =>
    advance(
      flow,
      advance(flow, advance(flow, main.state, key('5')).state, key('2')).state,
      outcome,
    );

  await t.test('given a topic, then its articles are looked up and read, the count first', (t) => {
    const topic = advance(flow, advance(flow, main.state, key('5')).state, key('2'));
    t.match(topic, { state: { vars: { topic: 'company' } } });
    t.same(topic.action, { do: 'lookup', what: 'articles' });
    const read = reading();
    t.match(read.action, { do: 'read', articleId: ids[0], maxDigits: 1 });
    const { lead, say } = read.action as Extract<Action, { do: 'read' }>;
    t.same(
      lead.map(({ text }) => text),
      ['共有两篇资料。'],
    );
    t.equal(say[0]?.text, '重听请按1。');
    t.end();
  });

  await t.test('given 6, then the other five topics', (t) => {
    const more = advance(flow, advance(flow, main.state, key('5')).state, key('6'));
    const rules = advance(flow, more.state, key('5'));
    t.match(rules, { state: { vars: { topic: 'rules' } }, action: { what: 'articles' } });
    t.end();
  });

  await t.test('given no key, then what can be pressed is said again, not the article', (t) => {
    const again = advance(flow, reading().state, { kind: 'silence' });
    t.match(again.action, { do: 'collect' });
    t.match(advance(flow, again.state, key('1')).action, { do: 'read', articleId: ids[0] });
    t.end();
  });

  await t.test('given 2, then the next one, and behind the last one the topics', (t) => {
    const asked = advance(flow, reading().state, key('2'));
    t.same(asked.action, { do: 'lookup', what: 'nextArticle' });
    const second = advance(flow, asked.state, nextArticle(asked.state.vars));
    t.match(second.action, { do: 'read', articleId: ids[1] });
    const last = advance(flow, second.state, key('2'));
    const topicsAgain = advance(flow, last.state, nextArticle(last.state.vars));
    t.equal(topicsAgain.state.node, 'info');
    t.end();
  });

  await t.test('given nothing on the topic, then it says so by name and leads on', (t) => {
    const none = reading(found('none'));
    t.equal(none.state.node, 'infoNone');
    t.match(none.action, { do: 'collect', say: [{ text: /“企业资料”暂时没有资料。/ }] });
    t.equal(advance(flow, none.state, key('1')).state.node, 'info');
    t.match(advance(flow, none.state, key('0')).action, { do: 'transfer', to: 'agent' });
    t.end();
  });

  await t.test('given it was withdrawn while the caller chose, then the topics again', (t) => {
    t.equal(advance(flow, reading().state, found('gone')).state.node, 'info');
    t.end();
  });

  await t.test('given 3, then a fax to the own number, or to another one', (t) => {
    const asked = advance(flow, reading().state, key('3'));
    t.same(asked.action, { do: 'lookup', what: 'canFax' });
    const own = advance(
      flow,
      asked.state,
      found('yes', { callerNumber: '057188886666', isCallerKnown: true }),
    );
    t.equal(own.state.node, 'infoFaxOwn');
    t.match(advance(flow, own.state, key('1')), {
      state: { vars: { faxNumber: '057188886666' } },
      action: { do: 'lookup', what: 'faxArticle' },
    });
    const other = advance(flow, own.state, key('2'));
    t.match(advance(flow, other.state, key('4100')), {
      state: { vars: { faxNumber: '4100' } },
      action: { do: 'lookup', what: 'faxArticle' },
    });
    const unknown = advance(flow, asked.state, found('yes', { isCallerKnown: false }));
    t.equal(unknown.state.node, 'infoFaxNumber');
    t.end();
  });

  await t.test('given no fax, then a text where there is a gateway, else words', (t) => {
    const asked = advance(flow, advance(flow, reading().state, key('3')).state, found('no'));
    t.same(asked.action, { do: 'lookup', what: 'canText' });
    const offered = advance(flow, asked.state, found('yes'));
    t.equal(offered.state.node, 'infoText');
    t.same(advance(flow, offered.state, key('1')).action, { do: 'lookup', what: 'textArticle' });
    const refused = advance(flow, asked.state, found('no'));
    t.equal(refused.state.node, 'main');
    t.match(refused.action, { say: [{ text: '对不起，目前无法发送这篇资料。' }] });
    t.end();
  });
});
