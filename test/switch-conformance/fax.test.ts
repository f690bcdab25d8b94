import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { statement } from '../../src/faxes/format/letter.ts';
import { drawPages } from '../../src/faxes/format/pages.ts';
import { faxTiff } from '../../src/faxes/format/write-tiff.ts';
import { readFaxTiff } from '../../src/faxes/format/read-tiff.ts';
import { isFreeswitch, startSwitch } from '../support/switch.ts';
import { until } from '../support/until.ts';

const skip = isFreeswitch
  ? false
  : 'the embedded switch has no modem; docs/protocol/differences.md';

/** The switch is both machines: a gateway leads back to its own trunks. */
void t.test('a fax between two machines', { skip }, async (t) => {
  const sw = await startSwitch();
  t.teardown(() => sw.close());
  mkdirSync(path.join(sw.dir, 'in'));
  await sw.esl.api(`global_setvar lt_faxes=${sw.dir}`);
  const file = path.join(sw.dir, 'out.tiff');
  const bill = {
    kind: 'water',
    period: '2026-10',
    amountFen: 8650,
    paidFen: 0,
    dueOn: '2026-11-10',
  };
  const about = { estate: '锦绣花园', room: '1201', day: '2026-11-26', hotline: '4000' };
  const pages = await drawPages(statement({ language: 'zh-CN', ...about, bills: [bill] }));
  writeFileSync(file, faxTiff(pages));

  /** What the sending machine says of it, and the page that came. */
  const send = async (from: string, variables: string) => {
    const uuid = (
      await sw.job(
        `originate {origination_caller_id_number=${from},${variables}}sofia/gateway/loop/4000 &park()`,
      )
    ).replace('+OK ', '');
    await sw.queue(uuid, 'txfax', file);
    const done = await until(
      `the fax of ${from}`,
      () =>
        sw.events.find(
          (one) =>
            one['Event-Name'] === 'CHANNEL_EXECUTE_COMPLETE' &&
            one['Unique-ID'] === uuid &&
            one['Application'] === 'txfax',
        ),
      { timeoutMs: 120_000 },
    );
    const name = await until('the page', () =>
      readdirSync(path.join(sw.dir, 'in')).find((one) => one.includes(from)),
    );
    const [page] = readFaxTiff(readFileSync(path.join(sw.dir, 'in', name)));
    return { done, page };
  };

  await t.test(
    'given a machine that knows T.38 and one that refuses it, then both send',
    async (t) => {
      const [packets, sound] = await Promise.all([
        send('13700000401', 'fax_enable_t38=true'),
        send('13700000402', 'fax_enable_t38=false'),
      ]);
      const sent = { variable_fax_success: '1', variable_fax_document_transferred_pages: '1' };
      t.match(packets.done, { ...sent, variable_fax_t38_status: 'negotiated' });
      t.match(sound.done, sent);
      t.not(sound.done['variable_fax_t38_status'], 'negotiated');
      for (const { page } of [packets, sound]) t.equal(page?.width, 1728, 'a page came');
    },
  );
});
