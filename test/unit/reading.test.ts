import t from 'tap';
import fc from 'fast-check';
import {
  readDate,
  readDigits,
  readMoney,
  readMonth,
  readCount,
  readNumber,
  readRoom,
  readTime,
} from '../../src/tts/index.ts';
import { wholeZh } from '../../src/tts/reading/numbers.ts';
import { resample } from '../../src/tts/resample.ts';
import { toPinyin } from '../../src/tts/providers/espeak.ts';

const money: readonly (readonly [number, string, string])[] = [
  [0, '零元', '0 yuan'],
  [1, '一分', '1 fen'],
  [2, '两分', '2 fen'],
  [5, '五分', '5 fen'],
  [10, '一角', '10 fen'],
  [20, '两角', '20 fen'],
  [22, '两角两分', '22 fen'],
  [99, '九角九分', '99 fen'],
  [100, '一元', '1 yuan'],
  [105, '一元零五分', '1 yuan and 5 fen'],
  [200, '两元', '2 yuan'],
  [1000, '十元', '10 yuan'],
  [1200, '十二元', '12 yuan'],
  [8650, '八十六元五角', '86 yuan and 50 fen'],
  [8605, '八十六元零五分', '86 yuan and 5 fen'],
  [10_000, '一百元', '100 yuan'],
  [10_100, '一百零一元', '101 yuan'],
  [11_000, '一百一十元', '110 yuan'],
  [28_650, '二百八十六元五角', '286 yuan and 50 fen'],
  [100_000, '一千元', '1000 yuan'],
  [100_203, '一千零二元零三分', '1002 yuan and 3 fen'],
  [123_456, '一千二百三十四元五角六分', '1234 yuan and 56 fen'],
  [1_000_000, '一万元', '10000 yuan'],
  [1_000_500, '一万零五元', '10005 yuan'],
  [12_000_000, '十二万元', '120000 yuan'],
  [-8650, '负八十六元五角', 'minus 86 yuan and 50 fen'],
];
const numbers: readonly (readonly [number, string])[] = [
  [0, '零'],
  [2, '二'],
  [10, '十'],
  [11, '十一'],
  [20, '二十'],
  [100, '一百'],
  [101, '一百零一'],
  [110, '一百一十'],
  [1001, '一千零一'],
  [1010, '一千零一十'],
  [10_001, '一万零一'],
  [10_010, '一万零一十'],
  [100_000, '十万'],
  [1_000_000, '一百万'],
  [100_000_000, '一亿'],
  [100_000_001, '一亿零一'],
  [-3, '负三'],
  [3.5, '三点五'],
];
const rooms: readonly (readonly [string, string, string])[] = [
  ['3栋2单元1201', '三栋二单元一二零一', 'Building 3, Unit 2, Room 1 2 0 1'],
  ['12栋1单元802', '十二栋一单元八零二', 'Building 12, Unit 1, Room 8 0 2'],
  ['5栋302', '五栋三零二', 'Building 5, Room 3 0 2'],
  ['8号楼', '8号楼', '8号楼'],
  ['10幢3单元601', '十幢三单元六零一', 'Building 10, Unit 3, Room 6 0 1'],
];
const dates: readonly (readonly [string, string, string])[] = [
  ['2026-11-24', '十一月二十四日', 'November 24'],
  ['2026-01-01', '一月一日', 'January 1'],
  ['2026-10-10', '十月十日', 'October 10'],
  ['soon', 'soon', 'soon'],
];
const times: readonly (readonly [string, string, string])[] = [
  ['00:05', '凌晨十二点零五分', '12:05 AM'],
  ['08:00', '上午八点', '8 AM'],
  ['09:30', '上午九点三十分', '9:30 AM'],
  ['12:00', '中午十二点', '12 PM'],
  ['14:00', '下午两点', '2 PM'],
  ['14:05', '下午两点零五分', '2:05 PM'],
  ['20:45', '晚上八点四十五分', '8:45 PM'],
];

void t.test('reading aloud', async (t) => {
  for (const [fen, zh, en] of money) {
    t.equal(readMoney(fen, 'zh-CN'), zh, `${fen} fen`);
    t.equal(readMoney(fen, 'en'), en);
  }
  for (const [value, zh] of numbers) t.equal(readNumber(value, 'zh-CN'), zh, String(value));
  t.equal(readCount(2, 'zh-CN'), '两', 'before a measure word');
  t.equal(readCount(12, 'zh-CN'), '十二');
  t.equal(readCount(2, 'en'), '2');
  for (const [label, zh, en] of rooms) {
    t.equal(readRoom(label, 'zh-CN'), zh, label);
    t.equal(readRoom(label, 'en'), en);
  }
  for (const [iso, zh, en] of dates) {
    t.equal(readDate(iso, 'zh-CN'), zh, iso);
    t.equal(readDate(iso, 'en'), en);
  }
  for (const [text, zh, en] of times) {
    t.equal(readTime(text, 'zh-CN'), zh, text);
    t.equal(readTime(text, 'en'), en);
  }
  t.equal(readDate('2026-11-24', 'zh-CN', true), '二零二六年十一月二十四日');
  t.equal(readMonth('2026-10', 'zh-CN'), '二零二六年十月');
  t.equal(readMonth('2026-10', 'en'), 'October 2026');
  t.equal(readDigits('261122-0037', 'zh-CN'), '二六幺幺二二，零零三七');
  t.equal(readDigits('261122-0037', 'en'), '2 6 1 1 2 2, 0 0 3 7');

  await t.test('given any whole number, then its words say the same number', (t) => {
    fc.assert(fc.property(fc.nat(999_999_999), (value) => valueOf(wholeZh(value)) === value));
    t.end();
  });

  await t.test('given Chinese text, then pinyin with tones and plain punctuation', (t) => {
    t.equal(toPinyin('您好，报修请按1。'), 'nin2 hao3 , bao4 xiu1 qing3 an4 1.');
    t.end();
  });
});

void t.test('speech at the rate of a telephone line', (t) => {
  const sine = (hz: number, rate: number) =>
    Int16Array.from({ length: rate }, (_, at) => 8000 * Math.sin((2 * Math.PI * hz * at) / rate));
  const loudest = (samples: Int16Array) => Math.max(...samples.subarray(1000, 7000));
  for (const rate of [16_000, 22_050, 24_000, 44_100, 48_000]) {
    const heard = resample(sine(1000, rate), rate);
    const wanted = sine(1000, 8000);
    t.equal(heard.length, 8000);
    t.ok(
      heard.subarray(500, 7500).every((one, at) => Math.abs(one - (wanted[at + 500] ?? 0)) < 10),
      `1 kHz from ${rate} Hz stays what and where it was`,
    );
    t.ok(loudest(resample(sine(5000, rate), rate)) < 20, 'what a line cannot carry is gone');
  }
  t.same(resample(sine(440, 8000), 8000), sine(440, 8000));
  t.equal(resample(new Int16Array(0), 22_050).length, 0);
  t.end();
});

/** The inverse, written another way, so that a mistake would have to be made twice. */
function valueOf(words: string): number {
  const digits = '零一二三四五六七八九';
  let total = 0;
  let section = 0;
  let digit = 0;
  for (const word of words) {
    const unit = { 十: 10, 百: 100, 千: 1000 }[word];
    if (digits.includes(word)) digit = digits.indexOf(word);
    else if (unit !== undefined) {
      section += (digit === 0 ? 1 : digit) * unit;
      digit = 0;
    } else if (word === '万' || word === '亿') {
      const whole = section + digit;
      total = word === '亿' ? (total + whole) * 100_000_000 : total + whole * 10_000;
      section = 0;
      digit = 0;
    }
  }
  return total + section + digit;
}
