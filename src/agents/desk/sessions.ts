import type { DeskView, PhoneKind, Presence } from '../../contract/agents/agents.ts';
import { changedFields, UnchangedError } from '../../core/changes.ts';
import {
  AgentBusyError,
  AlreadyPresentError,
  AlreadySeatedError,
  BreakReasonError,
  OfferNotFoundError,
  OfferOverError,
  PhoneElsewhereError,
  SeatNumberError,
} from '../agents.errors.ts';
import { seatWish, type DialOutside } from '../acd/sessions/endpoints.ts';
import { isSamePresence, missedOfferReason } from '../acd/sessions/seat.ts';
import type { Seats } from '../acd/sessions/seats.ts';
import type { Offers } from '../acd/queues/offers.ts';
import type { QueueStore } from '../acd/queues/queue-store.ts';
import type { DeskScreens } from './desk-screens.ts';
import type { WrapUps } from '../conversations/wrap-ups.ts';

export interface Member {
  id: string;
  username: string;
  displayName: string;
}

export interface SessionsParts {
  seats: Seats;
  offers: Pick<Offers, 'of' | 'decline' | 'phoneGone'>;
  store: Pick<QueueStore, 'offerEnd'>;
  wrapUps: Pick<WrapUps, 'of' | 'end'>;
  desks: Pick<DeskScreens, 'of'>;
  outside: DialOutside;
  /** Throws `service.standby`. */
  mustLead: () => void;
}

/** Agents at work: they sit down at a telephone, say whether they take calls, and leave. */
export class AgentSessions {
  readonly #parts: SessionsParts;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  desk(staffId: string): DeskView | undefined {
    const { seats, desks } = this.#parts;
    return seats.get(staffId) === undefined ? undefined : desks.of(staffId);
  }

  async takeSeat(member: Member, phone: PhoneKind, number: string | undefined): Promise<DeskView> {
    const { seats, desks, outside, mustLead } = this.#parts;
    mustLead();
    if (phone === 'outside' && !/^\+?[0-9]{3,20}$/.test(number ?? '')) throw new SeatNumberError();
    const endpoint = phone === 'outside' ? await outside(seatWish(member.id, number)) : null;
    const wanted = { phone, number: endpoint?.number ?? null };
    const before = seats.get(member.id);
    if (before !== undefined && changedFields(before, wanted).length === 0) {
      throw new AlreadySeatedError(phone);
    }
    await seats.take(member.id, phone, wanted.number);
    return desks.of(member.id);
  }

  async leaveSeat(staffId: string, isForced = false): Promise<void> {
    const { seats, offers, wrapUps } = this.#parts;
    const seat = seats.require(staffId);
    if (seat.engagement === 'talking' && !isForced) throw new AgentBusyError();
    if (seat.engagement === 'offered') await offers.decline(staffId);
    const wrapUp = wrapUps.of(staffId);
    if (wrapUp !== undefined) await wrapUps.end(staffId, wrapUp.callId);
    await seats.leave(staffId);
  }

  /** Nobody of theirs is logged in any more. */
  async endFor(staffId: string): Promise<void> {
    if (this.#parts.seats.get(staffId) !== undefined) await this.leaveSeat(staffId, true);
  }

  /** Resolves when it is written down. */
  async setPresence(
    staffId: string,
    presence: Presence,
    reason: string | undefined,
    /** The supervisor who does it to them. */
    by?: string,
  ): Promise<DeskView> {
    const { seats, desks } = this.#parts;
    const given = reason?.trim() ?? '';
    if (presence === 'break' && (given === '' || given === missedOfferReason)) {
      throw new BreakReasonError();
    }
    const seat = seats.require(staffId);
    const wanted = presence === 'break' ? given : null;
    // A desk phone that could not be reached gets another chance.
    const isAnotherChance = presence === 'available' && seat.phone !== 'browser';
    const isSame = isSamePresence(seat, { presence, reason: wanted, by });
    if (isSame && !(isAnotherChance && !seat.isPhoneReady)) {
      throw new AlreadyPresentError(presence, seat.reason);
    }
    seats.setPresence(staffId, presence, wanted, by);
    if (isAnotherChance) seats.phones.setReady(staffId, true);
    await seats.written(staffId);
    return desks.of(staffId);
  }

  /** Their softphone is in that browser now. Throws `phone.elsewhere` when another one has it and keeps it. */
  usePhone(staffId: string, browser: string, isTaking: boolean): void {
    const { seats } = this.#parts;
    const seat = seats.get(staffId);
    const isElsewhere = seat !== undefined && ![null, browser].includes(seat.phoneBrowser);
    if (isElsewhere && !isTaking) throw new PhoneElsewhereError();
    seats.phones.setBrowser(staffId, browser);
  }

  setPhoneReady(staffId: string, isReady: boolean): void {
    const { seats, offers } = this.#parts;
    const { isPhoneReady } = seats.require(staffId);
    if (isPhoneReady === isReady) throw new UnchangedError(['isRegistered']);
    seats.phones.setReady(staffId, isReady);
    if (!isReady) void offers.phoneGone(staffId);
  }

  async decline(staffId: string, offerId: string): Promise<void> {
    const { offers, store } = this.#parts;
    if (offers.of(staffId)?.offerId === offerId) return offers.decline(staffId);
    const end = await store.offerEnd(staffId, offerId);
    throw end === undefined ? new OfferNotFoundError() : new OfferOverError(end);
  }

  /** Their account, sites or skills are not what they were. */
  async reread(staffId: string): Promise<void> {
    const { seats } = this.#parts;
    if (seats.get(staffId) === undefined || (await seats.reread(staffId))) return;
    // They may have left by themselves meanwhile.
    await this.endFor(staffId);
  }

  async rereadAll(): Promise<void> {
    for (const { staffId } of this.#parts.seats.all) await this.reread(staffId);
  }
}
