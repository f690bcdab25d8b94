import t from 'tap';
import fc from 'fast-check';
import { statement } from '../../src/faxes/format/letter.ts';
import { drawPages } from '../../src/faxes/format/pages.ts';
import { faxView } from '../../src/api/routes/content/fax-sendings.ts';
import type { FaxSending } from '../../src/db/index.ts';
import { nextStep, type FaxResult } from '../../src/faxes/outgoing/retry.ts';
import { readFaxNote } from '../../src/cti/index.ts';
import { encodeT4, type Bitmap } from '../../src/faxes/format/t4.ts';
import { faxTiff } from '../../src/faxes/format/write-tiff.ts';
import { readFaxTiff } from '../../src/faxes/format/read-tiff.ts';
import { decodeT4 } from '../support/t4.ts';

const bill = { kind: 'water', period: '2026-10', amountFen: 8650, paidFen: 0, dueOn: '2026-11-10' };
const facts = {
  language: 'zh-CN' as const,
  estate: '锦绣花园',
  room: '3栋2单元1201',
  day: '2026-11-26',
  hotline: '4000',
};

void t.test('the tries of a fax', (t) => {
  const failed = (reason: string): FaxResult => ({ isSent: false, pagesSent: 0, reason });
  const busy = failed('USER_BUSY');
  t.match(nextStep([]), { do: 'again', afterMs: 0 });
  t.match(nextStep([busy]), { do: 'again', afterMs: 120_000 });
  t.match(nextStep([busy, busy]), { do: 'again', afterMs: 600_000 });
  t.match(nextStep([busy, busy, busy, busy]), { do: 'give up', reason: 'USER_BUSY' });
  t.match(nextStep([failed('UNALLOCATED_NUMBER')]), { do: 'give up' });
  t.match(nextStep([busy, { isSent: true, pagesSent: 1, reason: 'OK' }]), { do: 'done' });
  t.end();
});

void t.test('an agent sees the number of a fax that goes out masked', (t) => {
  const fax = { id: '1', number: '02155550000' } as FaxSending;
  t.match(faxView(fax, [], { role: 'agent' }), { number: '021****0000' });
  t.match(faxView(fax, [], { role: 'office' }), { number: '02155550000' });
  t.end();
});

void t.test('what the modem left on the switch', (t) => {
  t.same(readFaxNote('1|2|OK\n'), { isSent: true, pagesSent: 2, reason: 'OK' });
  t.same(readFaxNote('1|0|OK'), { isSent: false, pagesSent: 0, reason: 'OK' });
  t.match(readFaxNote('0||The call dropped prematurely'), { isSent: false, pagesSent: 0 });
  t.match(readFaxNote('||'), { isSent: false, reason: 'the modem said nothing' });
  t.end();
});

void t.test('any picture comes back from its code', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1728 }),
      fc.array(fc.tuple(fc.nat(1727), fc.nat(300)), { maxLength: 20 }),
      (width, runs) => {
        const page: Bitmap = { width, height: 3, bits: new Uint8Array(Math.ceil(width / 8) * 3) };
        for (const [from, length] of runs) {
          for (let x = from; x < Math.min(width, from + length); x += 1) {
            const at = Math.ceil(width / 8) + (x >> 3);
            page.bits[at] = (page.bits[at] ?? 0) | (0x80 >> (x & 7));
          }
        }
        return Buffer.from(decodeT4(encodeT4(page), width)).equals(Buffer.from(page.bits));
      },
    ),
    { numRuns: 200 },
  );
  t.end();
});

void t.test('a statement', async (t) => {
  const letter = statement({ ...facts, bills: [bill, { ...bill, paidFen: 8000 }] });
  const text = JSON.stringify(letter);
  t.match(text, '¥86.50');
  t.match(text, '¥6.50', 'what was paid is not asked for');
  t.match(text, '¥93.00', 'the total');

  const few = await drawPages(letter);
  t.equal(few.length, 1);
  const many = await drawPages(
    statement({ ...facts, bills: Array.from({ length: 60 }, () => bill) }),
  );
  t.ok(many.length > 1);
  const pages = readFaxTiff(faxTiff(many));
  t.equal(pages.length, many.length);
  t.match(pages[0], { width: 1728, xDpi: 204, yDpi: 196, k: 0, isBlackOne: false });
  const [first] = many;
  t.ok(
    Buffer.from(decodeT4(pages[0]?.data ?? Buffer.alloc(0), 1728)).equals(
      Buffer.from(first?.bits ?? []),
    ),
  );
  const black = (first?.bits ?? new Uint8Array()).reduce((sum, byte) => sum + ones(byte), 0);
  t.ok(black > 20_000 && black < 400_000, `${black} black dots: written on, and not blotted`);
});

function ones(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}
