/**
 * Symptoms of issue 15, D (cases 25 to 27): a caller shown as +861088886666 was a stranger, what a
 * spreadsheet had damaged was dialled, and an extension became part of the number.
 */
import t from 'tap';
import fc from 'fast-check';
import { normaliseNumber, readNumber, type NumberFault } from '../../src/property/numbers.ts';

/** Each in the form in which it is kept, and as people, spreadsheets and carriers write it. */
const written: Readonly<Record<string, readonly string[]>> = {
  '13800000001': [
    ...['13800000001', '+86 138-0000-0001', '008613800000001', '8613800000001', '86 138 0000 0001'],
    ...[
      '013800000001',
      '+86 013800000001',
      '+86-0-13800000001',
      '１３８０００００００１',
      '138.0000.0001',
    ],
    ...['17951 13800000001', '1795113800000001', '12593013800000001', '17911-13800000001'],
    ...['19313800000001', '="13800000001"', "'13800000001", '\u202D13800000001\u202C'],
    ...['tel:+8613800000001', '手机：13800000001', '138\u30000000\u30000001', '(138)00000001'],
  ],
  '01088886666': [
    ...['01088886666', '010-88886666', '+861088886666', '861088886666', '0086 10 88886666'],
    ...['+86 010-88886666', '+86 (0)10 8888 6666', '（０１０）８８８８－６６６６', '010—8888—6666'],
    ...['10-88886666', '17909 010 88886666', '0086-010-88886666', '(86)10-88886666'],
  ],
  '02155550119': ['02155550119', '021 5555 0119', '+86 21 5555 0119', '21-55550119'],
  '07558234567': ['0755-8234567', '+86 755 8234567', '(0755) 823 4567'],
  '075582345678': ['0755-8234-5678', '8675582345678', '755-82345678'],
  '01012345678': ['010-12345678'],
  '4008001234': ['400-800-1234', '+86 400 800 1234', '04008001234', '4008001234'],
  '8008101234': ['800-810-1234'],
  '95588': ['95588', '+86 95588'],
  '12345': ['12345'],
  '88886666': ['88886666', '8888 6666'],
  '86123456': ['86123456'],
  '8001': ['8001'],
  '0085212345678': ['+852 1234 5678', '0085212345678'],
  '00447700900123': ['+447700900123', '00 44 7700 900123'],
  '0016502530000': ['+1 (650) 253-0000', '0016502530000'],
};

const refused: readonly (readonly [string, NumberFault])[] = [
  ...(['1.38E+10', '1.38001E+10', '13800000011.0', '13,800,000,011', '#N/A'] as const).map(
    (text) => [text, 'damaged'] as const,
  ),
  ...(['138****0011', '138xxxx0011', '138＊＊＊＊0011', '138●●●●0011'] as const).map(
    (text) => [text, 'masked'] as const,
  ),
  ...(['2026-11-30', '2026/11/3', '2026年11月30日'] as const).map(
    (text) => [text, 'date'] as const,
  ),
  ...(['1012345678', '2155550119', '75582345678'] as const).map(
    (text) => [text, 'lost_zero'] as const,
  ),
  ...(['电话同上138', 'anonymous', '13800000011(王)', '1381234567x'] as const).map(
    (text) => [text, 'letters'] as const,
  ),
  ...(['1380000001', '138000000011', '1380011', '447700900123', '010 88886666 801'] as const).map(
    (text) => [text, 'shape'] as const,
  ),
  ...(['', ' \u3000', '\u200B'] as const).map((text) => [text, 'empty'] as const),
];

void t.test('numbers', async (t) => {
  await t.test('a number has one form, however it is written', (t) => {
    for (const [number, texts] of Object.entries(written)) {
      for (const text of texts) {
        t.match(readNumber(text), { is: 'number', number }, text);
        t.notOk('extension' in readNumber(text), text);
        t.equal(normaliseNumber(text), number, text);
      }
    }
    t.end();
  });

  await t.test('an extension is kept apart', (t) => {
    for (const text of [
      ...['010-12345678-801', '01012345678转801', '010-12345678 分机801', '010-12345678 ext. 801'],
      ...[
        '01012345678x801',
        '010-12345678#801',
        '+86 10 12345678;ext=801',
        '010-12345678（转801）',
      ],
    ]) {
      const right = { is: 'number', number: '01012345678', kind: 'landline', extension: '801' };
      t.same(readNumber(text), right, text);
    }
    t.match(readNumber('13800000020 分机3'), { number: '13800000020', extension: '3' });
    t.match(readNumber('0755-8234567-8'), { number: '07558234567', extension: '8' });
    t.match(readNumber('800-810-1234-5'), { number: '8008101234', extension: '5' });
    t.end();
  });

  await t.test('two numbers in one text are both read, and never glued together', (t) => {
    for (const mark of ['/', '、', ' ', '，', ';', '；', '\n', ' 或 ', '|']) {
      const reading = readNumber(`13800000011${mark}010-88886666`);
      t.match(
        reading,
        { is: 'several', numbers: [{ number: '13800000011' }, { number: '01088886666' }] },
        mark,
      );
    }
    t.match(readNumber('13800000011/12'), { is: 'bad' });
    t.end();
  });

  await t.test('what a spreadsheet or a hurry has damaged is refused with its reason', (t) => {
    for (const [text, reason] of refused) t.same(readNumber(text), { is: 'bad', reason }, text);
    t.end();
  });

  await t.test('a caller that no plan knows keeps its digits, and a withheld one has none', (t) => {
    t.equal(normaliseNumber('106900001234'), '106900001234');
    t.equal(normaliseNumber('+4000'), '4000');
    t.equal(normaliseNumber('anonymous'), '');
    t.equal(normaliseNumber('138****0011'), '');
    t.equal(normaliseNumber('13811110009 13811110010'), '');
    t.end();
  });

  await t.test('whatever is written, the kept form is digits and is read as itself', (t) => {
    const piece = fc.constantFrom(
      ...['+', '00', '86', '0', '138', '10', '8888', '6666', '0001', '-', ' ', '.', '(', ')', '/'],
      ...[
        '转',
        'x',
        'ext',
        '#',
        '*',
        '，',
        '、',
        '１',
        'E+10',
        '.0',
        '17951',
        '400',
        'e',
        'ー',
        '　',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const kept = normaliseNumber(text);
        if (!/^\d{0,20}$/.test(kept)) return false;
        const reading = readNumber(text);
        if (reading.is !== 'number') return true;
        const again = readNumber(reading.number);
        return (
          again.is === 'number' && again.number === reading.number && again.kind === reading.kind
        );
      }),
      { numRuns: 2000 },
    );
    // Linear in time: nothing longer than a cell is looked at.
    t.match(readNumber('1-'.repeat(500_000)), { is: 'bad', reason: 'shape' });
    t.end();
  });
});
