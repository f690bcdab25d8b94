import t from 'tap';
import fc from 'fast-check';
import { paced } from '../../src/core/concurrency/paced.ts';
import { onlyWhile } from '../../src/core/concurrency/only-while.ts';
import { Mailbox } from '../../src/core/concurrency/mailbox.ts';
import { silentLog } from '../../src/core/log.ts';
import { checkTransition, unreachableStates, type Transitions } from '../../src/core/states.ts';

void t.test('mailbox', async (t) => {
  await t.test(
    'given tasks of any duration, then they run one at a time and in order',
    async (t) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 12 }), async (turns) => {
          const mailbox = new Mailbox(silentLog());
          const seen: number[] = [];
          let running = 0;
          turns.forEach((count, index) => {
            void mailbox.post(async () => {
              running += 1;
              if (running > 1) throw new Error('two tasks at once');
              for (let i = 0; i < count; i += 1) await Promise.resolve();
              seen.push(index);
              running -= 1;
            });
          });
          await mailbox.idle();
          t.same(
            seen,
            turns.map((_, index) => index),
          );
        }),
        { numRuns: 50 },
      );
    },
  );

  await t.test('given a task that throws, then the next one still runs', async (t) => {
    const mailbox = new Mailbox(silentLog());
    let ran = false;
    void mailbox.post(() => {
      throw new Error('broken');
    });
    await mailbox.post(() => {
      ran = true;
    });
    t.ok(ran);
    t.equal(mailbox.length, 0);
  });

  await t.test('given a full mailbox, then a further task is dropped, not queued', async (t) => {
    const mailbox = new Mailbox(silentLog(), 1);
    let count = 0;
    const first = mailbox.post(() => {
      count += 1;
    });
    await mailbox.post(() => {
      count += 10;
    });
    await first;
    t.equal(count, 1);
  });
});

void t.test('states', (t) => {
  const table = { open: ['closed'], closed: [], lost: [] } as const satisfies Transitions<
    'open' | 'closed' | 'lost'
  >;
  t.equal(checkTransition('door', table, 'open', 'closed'), 'closed');
  t.throws(() => checkTransition('door', table, 'closed', 'open'), {
    code: 'door.illegal_transition',
    details: { from: 'closed', to: 'open' },
  });
  t.same(unreachableStates(table, 'open'), ['lost']);
  t.end();
});

void t.test(
  'given a time that is over, then nothing that was begun in it is written',
  async (t) => {
    const over = new AbortController();
    const written: string[] = [];
    const store = onlyWhile(
      {
        write: (what: string) => {
          written.push(what);
          return Promise.resolve(written.length);
        },
      },
      over.signal,
    );
    t.equal(await store.write('a'), 1);
    over.abort(new Error('another service writes'));
    await t.rejects(store.write('b'), { message: 'another service writes' });
    t.same(written, ['a']);
  },
);

void t.test('given many values, then the first at once and the last of each pause', (t) => {
  const passed: number[] = [];
  const pauses: (() => void)[] = [];
  const tell = paced<number>(
    1000,
    (value) => passed.push(value),
    (run) => ({ unref: () => pauses.push(run) }),
  );
  tell(1);
  t.same(passed, [1]);
  tell(2);
  tell(3);
  t.same(passed, [1], 'not while it rests');
  pauses.shift()?.();
  t.same(passed, [1, 3]);
  pauses.shift()?.();
  t.same(passed, [1, 3], 'nothing came');
  tell(4);
  t.same(passed, [1, 3, 4], 'at once again');
  t.equal(pauses.length, 1, 'one timer at a time');
  t.end();
});
