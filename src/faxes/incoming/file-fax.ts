import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../core/log.ts';
import { faxPdf } from '../../faxes/format/pdf.ts';
import { readFaxTiff } from '../../faxes/format/read-tiff.ts';
import { callOf, fileId, raiseFor, type FilingParts } from './filing.ts';
import type { TakenFile } from './names.ts';

/**
 * Files a fax that the switch received: `<id>.tiff` as it came and `<id>.pdf` for people in the faxes
 * folder, a row, and a message order. One without a whole page is thrown away. Safe to repeat.
 */
export async function fileFax(
  parts: FilingParts & { log: Log },
  file: string,
  taken: TakenFile,
  faxesDir: string,
): Promise<void> {
  const { db, log } = parts;
  const { mtime, size } = await stat(file);
  const call = await callOf(parts, taken, mtime);
  const pages = size === 0 ? [] : readFaxTiff(await readFile(file));
  if (pages.length === 0) {
    await rm(file);
    log.warn({ callId: call.id }, 'fax call without a page');
    return;
  }
  const id = fileId('fax', call);
  await mkdir(faxesDir, { recursive: true });
  await writeFile(path.join(faxesDir, `${id}.pdf`), faxPdf(pages));
  const order = await raiseFor(parts, call, taken, {
    category: 'fax',
    'zh-CN': `收到传真，共 ${pages.length} 页`,
    en: `Fax received, ${pages.length} page${pages.length === 1 ? '' : 's'}`,
    outcome: 'fax_received',
  });
  await db
    .insertInto('fax')
    .values({
      id,
      callId: call.id,
      workOrderId: order.id,
      did: call.did,
      number: call.callerNumber,
      pages: pages.length,
      receivedAt: mtime,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await rename(file, path.join(faxesDir, `${id}.tiff`));
  log.info({ callId: call.id, order: order.number, pages: pages.length }, 'fax filed');
}
