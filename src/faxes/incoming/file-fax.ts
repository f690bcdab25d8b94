import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { v5 as nameId } from 'uuid';
import type { Log } from '../../core/log.ts';
import type { Pool } from '../../db/index.ts';
import { faxPdf } from '../format/pdf.ts';
import { readFaxTiff } from '../format/read-tiff.ts';

export interface FilingParts {
  db: Pool;
  log: Log;
  /** Filed faxes lie here. */
  faxesDir: string;
}

export interface FaxCall {
  id: string;
  did: string;
  callerNumber: string;
}

/** A file that the switch received. */
export interface ReceivedFax {
  file: string;
  /** The row of its call, which came at that time; safe to repeat. */
  callAt: (receivedAt: Date) => Promise<FaxCall>;
  /** The order that tells people of it, one for each call. */
  raise: (call: FaxCall, summary: FaxSummary) => Promise<{ id: string; number: string }>;
}

export interface FaxSummary {
  category: 'fax';
  'zh-CN': string;
  en: string;
  outcome: string;
}

/**
 * Files a fax that the switch received: `<id>.tiff` as it came and `<id>.pdf` for people in the faxes
 * folder, a row, and a message order. One without a whole page is thrown away. Safe to repeat.
 */
export async function fileFax(
  { db, log, faxesDir }: FilingParts,
  { file, callAt, raise }: ReceivedFax,
): Promise<void> {
  const { mtime, size } = await stat(file);
  const call = await callAt(mtime);
  const pages = size === 0 ? [] : readFaxTiff(await readFile(file));
  if (pages.length === 0) {
    await rm(file);
    log.warn({ callId: call.id }, 'fax call without a page');
    return;
  }
  // The same for the same call, so that a second run writes over the first.
  const id = nameId('fax', call.id);
  await mkdir(faxesDir, { recursive: true });
  await writeFile(path.join(faxesDir, `${id}.pdf`), faxPdf(pages));
  const order = await raise(call, {
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
