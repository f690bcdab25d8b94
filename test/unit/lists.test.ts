/**
 * Symptoms of issue 15, D (cases 26, 28, 29, 30, 37): heads as offices write them were unknown, what a
 * spreadsheet had damaged was called, lines behind an open quote vanished, and a long list held the calls.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import t from 'tap';
import fc from 'fast-check';
import { csvCell, decodeText } from '../../src/contract/text-files.ts';
import { checkList } from '../../src/outbound/lists/upload.ts';
import { filledFor } from '../../src/outbound/lists/placeholders.ts';
import { numbersOfList } from '../../src/outbound/index.ts';
import { rowsOf } from '../../src/outbound/campaigns/rows.ts';
import { roomLabelOf } from '../../src/property/index.ts';

async function check(text: string) {
  const list = await checkList(text);
  if ('heads' in list) throw new Error(`no column of numbers: ${list.heads.join()}`);
  return list;
}
const numbers = async (text: string) => (await check(text)).entries.map((one) => one.number);

void t.test('lists', async (t) => {
  await t.test('heads and separators are those that offices use', async (t) => {
    for (const head of [
      ...[
        '手机号码',
        '联系电话',
        '联系方式',
        '移动电话',
        '电话（必填）',
        '手机号*',
        '业主电话',
        '联系人手机',
      ],
      ...['Phone Number', 'mobile', 'Tel.', '联系电话 1', '号码', '固定电话', '电 话'],
    ]) {
      t.same(await numbers(`${head},业主姓名\n13800000011,甲`), ['13800000011'], head);
    }
    for (const mark of [',', '\t', ';', '，', '；', '|']) {
      const { entries } = await check(
        `姓名${mark}电话${mark}房号\n甲${mark}13800000011${mark}3-2-1201`,
      );
      t.match(entries, [{ number: '13800000011', name: '甲', room: '3-2-1201' }], mark);
    }
    t.same(await numbers('\uFEFFsep=;\r\n电话;姓名\r\n13800000011;甲\r\n'), ['13800000011']);
    t.same(await checkList('身份证号码,甲乙\n1,2'), { heads: ['身份证号码', '甲乙'] });
    for (const head of ['房号', '车牌号码', '电话备注', '姓名']) {
      t.match(await checkList(`${head},备注\n13800000011,甲`), { heads: [head, '备注'] }, head);
    }
  });

  await t.test('two columns of numbers, and two numbers in a cell, are all read', async (t) => {
    const both = await check('电话,手机,姓名\n,13800000011,甲\n13800000012,010-88886666,乙');
    t.match(both.entries, [
      { number: '13800000011', moreNumbers: [] },
      { number: '13800000012', moreNumbers: ['01088886666'] },
    ]);
    const one = await check('电话\n13800000011/13900000012\n13800000013 1.38E+10');
    t.match(one.entries[0], { number: '13800000011', moreNumbers: ['13900000012'] });
    t.match(await check('电话,手机\n13800000014,1.38E+10'), {
      entries: [{ number: '13800000014' }],
      faults: [{ line: 1, code: 'number_left_out', reason: 'damaged' }],
    });
  });

  await t.test('what a spreadsheet has damaged is a fault and is never called', async (t) => {
    const cells = [
      ...['1.38E+10', '1.38001E+10', '13800000011.0', '138****0011', '010-12345678-801'],
      ...['1012345678', '13800000020 分机3', '电话同上138', '2026-11-30', '138', '110'],
    ];
    const list = await check(`电话,姓名\n${cells.map((cell) => `${cell},甲`).join('\n')}`);
    t.same(list.entries, []);
    t.same(
      list.faults.map(({ line, code }) => [line, code]),
      cells.map((_, at) => [at + 1, 'bad_number']),
    );
    t.same(await numbers('电话\n１３８００００００１１\n+86 138-0000-0012'), [
      ...['13800000011', '13800000012'],
    ]);
    t.match((await check('电话,姓名\n13800000011,\uFFFD\uFFFD')).faults, [
      { line: 1, code: 'lost_characters' },
    ]);
  });

  await t.test(
    'a quote that is never closed is told, and the lines after it are read',
    async (t) => {
      const list = await check(
        '电话,姓名\n13800000011,甲\n13800000012,"乙\n13800000013,丙\n13800000014,"丁"',
      );
      t.same(list.faults, [{ line: 2, code: 'unclosed_quote' }]);
      t.same(
        list.entries.map(({ number, name }) => [number, name]),
        [
          ['13800000011', '甲'],
          ['13800000013', '丙'],
          ['13800000014', '丁'],
        ],
      );
      fc.assert(
        fc.property(
          fc.array(
            fc.array(fc.string({ unit: fc.constantFrom(...'a",;"\n甲 ') }), { minLength: 1 }),
            {
              minLength: 1,
            },
          ),
          (table) => {
            const text = `sep=,\n${table
              .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
              .join('\n')}`;
            const read = [...rowsOf(text)];
            return JSON.stringify(read.map(({ cells }) => cells)) === JSON.stringify(table);
          },
        ),
      );
    },
  );

  await t.test('languages and rooms are understood as people write them', async (t) => {
    const cells = ['中文', '英文', 'EN', 'zh', '', 'zh-CN', 'English', '普通话'];
    const list = await check(
      `电话,语言\n${cells.map((cell, at) => `1380000001${at},${cell}`).join('\n')}`,
    );
    t.same(
      list.entries.map(({ language }) => language),
      ['zh-CN', 'en', 'en', 'zh-CN', 'zh-CN', 'zh-CN', 'en', 'zh-CN'],
    );
    t.match((await check('电话,语言\n13800000011,klingon')).faults, [{ code: 'bad_language' }]);
    for (const text of [
      '3-2-1201',
      '3#2-1201',
      '3栋2单元1201',
      '3幢2单元1201室',
      '3号楼2单元 1201',
    ]) {
      t.equal(roomLabelOf(text), '3栋2单元1201', text);
    }
    t.equal(roomLabelOf('商铺'), undefined);
  });

  await t.test('a file is read in the encoding in which an office saved it', (t) => {
    const text = '电话,姓名\n13800000011,王建国';
    const gbk = Buffer.from('b5e7bbb02cd0d5c3fb0a31333830303030303031312ccdf5bda8b9fa', 'hex');
    const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
    t.equal(decodeText(Buffer.from(text)), text);
    t.equal(decodeText(Buffer.from(`\uFEFF${text}`)), text);
    t.equal(decodeText(gbk), text);
    t.equal(decodeText(utf16), text);
    t.equal(decodeText(utf16.swap16()), text);
    const bare = Buffer.from('number,name\n13800000011,wang', 'utf16le');
    t.equal(decodeText(bare), 'number,name\n13800000011,wang');
    t.end();
  });

  await t.test('a hundred thousand lines are checked in slices', async (t) => {
    const lines = Array.from(
      { length: 100_000 },
      (_, at) => `138${String(at).padStart(8, '0')},"业主""${at}""","备注 ""${at}"""`,
    );
    const text = `number,name,note\n${lines.join('\n')}`;
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const { entries, faults } = await check(text);
    delay.disable();
    t.same([entries.length, faults], [100_000, []]);
    t.ok(delay.count > 5, 'others had their turns');
    t.comment(`longest turn ${Math.round(delay.max / 1e6)} ms`);
    // Each line opens a quote and none closes it: still linear.
    t.equal((await check(`电话\n${'"1\n'.repeat(20_000)}`)).faults.length, 20_000);
  });
});

void t.test("one upload holds nobody's call, however long its lines and cells are", async (t) => {
  const most = 12_000_000;
  /** The longest time in which nothing else had its turn, in milliseconds. */
  const held = async (read: () => Promise<unknown>) => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await new Promise((resolve) => setTimeout(resolve, 20));
    delay.reset();
    await read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    delay.disable();
    return delay.max / 1e6;
  };
  const wide = '\uFDFA'.repeat(4_000_000);
  const cases: [string, () => Promise<unknown>][] = [
    ['cells of numbers', () => numbersOfList('13800000011 x,'.repeat(140_000))],
    ['cells of a head', () => checkList('电话,'.repeat(most / 3))],
    ['a head', () => checkList(`${wide},电话`)],
    ['a language', () => checkList(`电话,语言\n13800000011,${wide}`)],
    ['separators', () => checkList(','.repeat(most))],
    ['separators below a head', () => checkList(`电话\n${','.repeat(most)}`)],
    ['separators of numbers', () => numbersOfList(','.repeat(most))],
    ['empty lines', () => checkList('\n'.repeat(most / 4))],
    ['an open quote', () => checkList(`"${wide}`)],
  ];
  for (const [name, read] of cases) {
    const ms = await held(read);
    // Unmended, seconds; a busy machine takes its share.
    t.ok(ms < 500, `${name}: ${Math.round(ms)} ms`);
  }
});

void t.test('a line that is too long is told, and no other line is lost', async (t) => {
  const cells = '13800000012,'.repeat(300);
  t.same(await numbersOfList(`13800000011\n${cells}\n13800000013\n`), {
    numbers: ['13800000011', '13800000013'],
    faults: [{ line: 2, reason: 'line_too_long' }],
  });
  t.match((await numbersOfList(`${'甲,'.repeat(300)}13800000011\n13800000013`)).faults, [
    { line: 1, reason: 'line_too_long' },
  ]);
  const list = await check(
    `电话,姓名\n13800000011,甲\n13800000012,${'乙'.repeat(70_000)}\n13800000013,丙`,
  );
  t.same(list.faults, [{ line: 2, code: 'line_too_long' }]);
  t.same(
    list.entries.map(({ number }) => number),
    ['13800000011', '13800000013'],
  );
  // A spreadsheet fills lines up to the widest one that it ever had.
  const filled = ','.repeat(16_000);
  t.same(await check(`电话,姓名${filled}\n13800000011,甲${filled}\n`), {
    ...(await check('电话,姓名\n13800000011,甲\n')),
  });
  t.same((await check(`电话${',备注'.repeat(300)}\n13800000011,甲`)).faults, [
    { line: 0, code: 'line_too_long' },
  ]);
});

void t.test('a name that a spreadsheet would run as a formula is only shown', (t) => {
  const befores = [
    '',
    ' ',
    '\u3000',
    '\u00a0',
    '\u200b',
    '\ufeff',
    '\u200e',
    '\n',
    '\r\n',
    '\t',
    '\0',
  ];
  for (const sign of ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹣', '﹢', '﹦', '﹫']) {
    for (const before of [...befores, ' \u200b\n ']) {
      const cell = csvCell(`${before}${sign}HYPERLINK(1)`);
      t.match(cell, /^"?'/, JSON.stringify(`${before}${sign}`));
    }
  }
  for (const plain of ['王建国', '3-2-1201', 'a=b', '13800000001', '', ' ', '（＝）']) {
    t.equal(csvCell(plain), plain);
  }
  t.end();
});

void t.test('a column named constructor is a slot like any other', async (t) => {
  const list = await check('电话,constructor\n13800000011,甲建公司');
  t.same(list.slots, ['constructor']);
  t.same(list.entries[0]?.vars, { constructor: '甲建公司' });
  const facts = { language: 'zh-CN' as const, estate: undefined, callback: undefined };
  t.equal(filledFor('由{constructor}承建', { name: '', vars: {} }, facts), '由…承建');
});
