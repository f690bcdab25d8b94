import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { aborted } from '../../core/concurrency/wait.ts';
import {
  hangup,
  NoModemError,
  sendFax,
  SwitchDownError,
  type Call,
  type Cti,
} from '../../cti/index.ts';
import { Scope, type Pool } from '../../db/index.ts';
import { DialRefusedError, type Dialling } from '../../dialling/index.ts';
import type { FaxSending, FaxTry } from '../../db/schema.ts';
import type { Messaging } from '../../messaging/index.ts';
import { localDay } from '../../property/index.ts';
import { articleLetter } from './article-letter.ts';
import { FaxNoTrunkError } from '../faxes.errors.ts';
import { statement, type Letter } from '../format/letter.ts';
import { drawPages, typeface } from '../format/pages.ts';
import { noteOf, type NoteStep } from './message-letter.ts';
import type { FaxResult } from './retry.ts';
import {
  addArticleFax,
  addFax,
  addMessageFax,
  beginTry,
  dueFaxes,
  endTry,
  postponeFax,
  triesOf,
  withdrawFax,
  type ArticleFax,
  type FaxRequest,
  type MessageFax,
} from './store.ts';
import { faxTiff } from '../format/write-tiff.ts';

export interface FaxParts {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Pick<Cti, 'call' | 'dialCall' | 'modems' | 'nodes'>;
  /** Trunks to outside numbers, the preferred one first, and which numbers may be dialled. */
  outside: { trunks: readonly string[]; dialling: Dialling };
  /** Faxes lie below, and the switch reads them there. */
  faxesDir: string;
  /** Hands a fax to the job that sends it. */
  send: (faxId: string, delayMs: number) => Promise<void>;
  /** Knows what the fax of a message says, asked again before each try. */
  messaging?: Pick<Messaging, 'wordsNow'>;
}

const ringSec = 60;
/** What lies further ahead is left to the sweep of each minute. */
const ofTheCall = Scope.everything(
  'a caller asks for the bills of the home that they proved to be theirs',
);
const soonMs = 120_000;

/** Faxes that go out: asked for once, tried until they are there or it is hopeless. */
export class Faxes {
  readonly #parts: FaxParts;

  constructor(parts: FaxParts) {
    this.#parts = parts;
  }

  /** Whether a switch of ours has a modem, and there is a way out. */
  async isPossible(): Promise<boolean> {
    return this.check().then(
      () => true,
      () => false,
    );
  }

  /** Throws `fax.not_possible`, `fax.no_trunk`, `fax.no_font`, or `switch.down` while none is connected. */
  async check(): Promise<void> {
    const { outside, cti } = this.#parts;
    if (cti.nodes.every(({ isConnected }) => !isConnected)) throw new SwitchDownError();
    if (!(await cti.modems.isThere())) throw new NoModemError();
    if (outside.trunks.length === 0) throw new FaxNoTrunkError();
    await typeface();
  }

  /** For requests from outside a transaction of the caller's. Throws `fax.*`. */
  async request(wanted: FaxRequest): Promise<FaxSending> {
    this.#parts.outside.dialling.check(wanted.number);
    await this.check();
    const { db, clock } = this.#parts;
    const fax = await db.transaction().execute((trx) => addFax(ofTheCall, trx, clock, wanted));
    await this.soon(fax.id);
    return fax;
  }

  /** An article, for requests from outside a transaction of the caller's. Throws as `check` does. */
  async requestArticle(wanted: ArticleFax): Promise<FaxSending> {
    this.#parts.outside.dialling.check(wanted.number);
    await this.check();
    const { db, clock } = this.#parts;
    const fax = await addArticleFax(db, clock, wanted);
    await this.soon(fax.id);
    return fax;
  }

  /** The fax of a message, once; resolves with its id. Throws as `check` does. */
  async requestNote(wanted: MessageFax): Promise<string> {
    await this.check();
    const { db, clock } = this.#parts;
    const faxId = await addMessageFax(db, clock, wanted);
    await this.soon(faxId);
    return faxId;
  }

  /** After the request is committed; should that fail, the sweep of each minute finds it. */
  async soon(faxId: string): Promise<void> {
    const { send, log } = this.#parts;
    await send(faxId, 0).catch((error: unknown) => {
      log.warn({ faxId, reason: messageOf(error) }, 'fax postponed to the next minute');
    });
  }

  /** Every minute: whatever is due and whose job was lost. */
  async sweep(): Promise<void> {
    const { db, clock } = this.#parts;
    for (const faxId of await dueFaxes(db, clock.now())) await this.soon(faxId);
  }

  /** One try; safe to repeat, and goes on with a call that a dead process began. */
  async send(faxId: string): Promise<void> {
    const { db, clock, cti, log, send } = this.#parts;
    const fax = await db
      .selectFrom('faxSending')
      .selectAll()
      .where('id', '=', faxId)
      .executeTakeFirst();
    if (fax === undefined || fax.state === 'sent' || fax.state === 'failed') return;
    const open = (await triesOf(db, faxId)).find(({ endedAt }) => endedAt === null);
    const isDue = fax.nextTryAt !== null && fax.nextTryAt <= clock.now();
    if (open === undefined && !isDue) return;
    // Before all switches are looked through, nobody knows whether the call of a dead process lives.
    const isSure = open === undefined || cti.nodes.every(({ isConnected }) => isConnected);
    if (!isSure) throw new SwitchDownError();
    // Also in a service that stands by: nothing was tried, so that no try is used up.
    if (!cti.nodes.some(({ isConnected }) => isConnected)) throw new SwitchDownError();
    const file = this.#fileOf(fax);
    const begun = open ?? (await this.#begin(fax, file));
    if (begun === undefined) return;
    const { callId } = begun;
    const dialled = open === undefined ? await this.#dial(fax, begun) : cti.call(callId);
    const call = isRefusal(dialled) ? undefined : dialled;
    const seen = isRefusal(dialled)
      ? dialled
      : call === undefined
        ? undefined
        : await transmit(call, file, await this.#pages(faxId));
    // The other machine hangs up right behind its last word, and whoever is late finds no leg any more.
    const result = seen ?? (await cti.modems.told(callId)) ?? lostBy(call);
    const pauseMs = await endTry(db, clock, begun, result);
    await cti.modems.forget(callId);
    log.info({ faxId, callId, ...result }, 'fax attempt ended');
    if (pauseMs !== undefined) await send(faxId, pauseMs);
  }

  /** Undefined when nothing is sent now. */
  async #begin(fax: FaxSending, file: string): Promise<FaxTry | undefined> {
    const { db, clock, log, send } = this.#parts;
    const step = await this.#letter(fax);
    if (step.do === 'draw') {
      return beginTry(db, clock, fax.id, await this.#draw(step.letter, file));
    }
    log.info(
      { faxId: fax.id },
      step.do === 'wait'
        ? 'fax waits for its next attempt'
        : 'fax withdrawn: what it says is no longer true',
    );
    if (step.do === 'drop') await withdrawFax(db, clock, fax.id);
    else {
      await postponeFax(db, fax.id, step.until);
      const delayMs = step.until.getTime() - clock.now().getTime();
      if (delayMs < soonMs) await send(fax.id, Math.max(0, delayMs));
    }
    return undefined;
  }

  async #dial(fax: FaxSending, { callId }: FaxTry): Promise<Call | FaxResult | undefined> {
    const { cti, outside, log } = this.#parts;
    const { dialling } = outside;
    const [gateway] = outside.trunks;
    // Before it is counted as dialled.
    if (gateway === undefined || !(await cti.modems.isThere())) return undefined;
    const wish = { purpose: 'fax', callId, staffId: fax.staffId } as const;
    try {
      const number = await dialling.permit({ ...wish, number: fax.number });
      return await cti.dialCall({
        callId,
        endpoint: { kind: 'gateway', gateway, number },
        number,
        did: fax.did,
        callerId: fax.did,
        ringSec,
        data: { purpose: 'fax' },
        needs: 'modem',
      });
    } catch (error) {
      log.warn({ faxId: fax.id, reason: messageOf(error) }, 'fax not dialled');
      if (error instanceof DialRefusedError) {
        return { isSent: false, pagesSent: 0, reason: error.code };
      }
      return undefined;
    }
  }

  /** As drawn for this try. */
  async #pages(faxId: string): Promise<number> {
    const row = await this.#parts.db
      .selectFrom('faxSending')
      .select('pages')
      .where('id', '=', faxId)
      .executeTakeFirst();
    return row?.pages ?? 1;
  }

  #fileOf({ id }: FaxSending): string {
    return path.join(this.#parts.faxesDir, 'out', `${id}.tiff`);
  }

  /** Drawn anew for each try: what was paid meanwhile is not asked for. Resolves with its pages. */
  async #draw(letter: Letter, file: string): Promise<number> {
    const pages = await drawPages(letter);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(`${file}.draft`, faxTiff(pages));
    await rename(`${file}.draft`, file);
    return pages.length;
  }

  async #letter(fax: FaxSending): Promise<NoteStep> {
    const { db, clock, messaging } = this.#parts;
    if (fax.articleId !== null) {
      const letter = await articleLetter(db, clock.now(), fax);
      return letter === undefined ? { do: 'drop' } : { do: 'draw', letter };
    }
    if (fax.messageId === null) return { do: 'draw', letter: await this.#statement(fax) };
    return messaging === undefined ? { do: 'drop' } : noteOf({ clock, messaging }, fax.messageId);
  }

  async #statement(fax: FaxSending): Promise<Letter> {
    const { db, clock } = this.#parts;
    const room = await db
      .selectFrom('room')
      .innerJoin('estate', 'estate.id', 'room.estateId')
      .select(['room.label', 'estate.name', 'estate.nameEn', 'estate.timeZone'])
      .where('room.id', '=', fax.roomId)
      .executeTakeFirstOrThrow();
    const bills = await db
      .selectFrom('bill')
      .select(['kind', 'period', 'amountFen', 'paidFen', 'dueOn'])
      .where('id', 'in', fax.billIds ?? [])
      .orderBy('dueOn')
      .orderBy('id')
      .execute();
    return statement({
      language: fax.language,
      estate: fax.language === 'en' ? room.nameEn : room.name,
      room: room.label,
      day: localDay(clock.now(), room.timeZone),
      hotline: fax.did,
      bills,
    });
  }
}

function isRefusal(dialled: Call | FaxResult | undefined): dialled is FaxResult {
  return dialled !== undefined && 'isSent' in dialled;
}

function lostBy(call: Call | undefined): FaxResult {
  return { isSent: false, pagesSent: 0, reason: call?.hangupCause ?? 'LOST' };
}

/** Waits for the answer, sends the file, and hangs up. Undefined when the leg went before the modem was done. */
async function transmit(call: Call, file: string, pages: number): Promise<FaxResult | undefined> {
  await Promise.race([call.answered, aborted(call.gone)]);
  try {
    const result = await sendFax(call, { file, pages });
    if (result !== undefined) {
      void call.update({ outcome: result.isSent ? 'fax_sent' : 'fax_failed' });
    }
    return result;
  } finally {
    if (!call.gone.aborted) await hangup(call);
  }
}
