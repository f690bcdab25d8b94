import type { CallStandingCode } from '../../contract/codes.ts';
import type { Clock } from '../../core/clock.ts';
import {
  narrowedBy,
  parsePage,
  peopleIn,
  toPage,
  type ContactRow,
  type Db,
  type Page,
  type PageRequest,
  type Readable,
  type Scope,
} from '../../db/index.ts';
import { judge, type Judged } from '../dialer/facts.ts';
import type { RefusalCode, Verdict } from '../rules/index.ts';
import { candidates, type Candidate } from './audience.ts';
import type { Campaign } from './campaigns.ts';

/** Reasons that pass by themselves: the contact is called later, so it is not left out. */
const passing: readonly RefusalCode[] = ['quiet_hours', 'chosen_hours', 'public_holiday'];

/** Where somebody stands before a campaign begins: called at once, later, written to first, or left out. */
export interface CallStanding {
  state: CallStandingCode;
  /** Why not at once. */
  refusal: RefusalCode | null;
}

export function standingOf(verdict: Verdict): CallStanding {
  if (verdict.may) return { state: 'now', refusal: null };
  const lasting = verdict.refusals.find(({ code }) => !passing.includes(code));
  if (lasting === undefined) return { state: 'later', refusal: verdict.code };
  const state = lasting.code === 'prefers_writing' ? 'written_first' : 'excluded';
  return { state, refusal: lasting.code };
}

/** Judges people whom no row stands for yet, as the dialler would. */
export function judgeCandidates(
  db: Db,
  campaign: Campaign,
  batch: readonly Candidate[],
  now: Date,
): Promise<Judged[]> {
  return judge(
    db,
    campaign,
    batch.map((one) => asContact(campaign, one)),
    now,
  );
}

/** One line of the list of whom a campaign would call. */
export interface Called extends CallStanding {
  /** From 1, in the order of the audience. */
  position: number;
  name: string;
  personId: string | null;
  roomId: string | null;
  estateId: string | null;
  /** Several for a number that serves several homes. */
  roomLabels: string[];
  numbers: string[];
  owedFen: number | null;
}

interface Place {
  /** How many came before on the list, this one included. */
  at: number;
  candidate: Candidate;
  judged: Judged;
}

/** Judged together: small, so that a short page asks for little. */
const chunkSize = 200;

/**
 * Whom the campaign would call if it began now, in the order of its audience, page by page. The cursor
 * counts people, so a page repeats what is before it only as far as reading goes, never the judging.
 */
export async function contactsToCall(
  scope: Scope,
  { db: given, clock }: { db: Readable; clock: Clock },
  campaign: Campaign,
  request: PageRequest & { state?: CallStanding['state'] | undefined },
): Promise<Page<Called>> {
  const db = narrowedBy(scope, given);
  const { limit, after } = parsePage(request);
  const found: Place[] = [];
  const places = placesFrom(db, campaign, after?.at.getTime() ?? 0, clock.now());
  for await (const place of places) {
    const { state } = standingOf(place.judged.verdict);
    if (request.state === undefined || request.state === state) found.push(place);
    if (found.length > limit) break;
  }
  const labels = await labelsOf(
    db,
    found.flatMap(({ candidate }) => candidate.coveredRoomIds),
  );
  const position = ({ at }: Place) => ({ at: new Date(at), id: nobody });
  const known = await peopleIn(
    scope,
    db,
    found.map(({ candidate }) => candidate.personId),
  );
  return toPage(found, limit, position, (one) => {
    const line = lineOf(one, labels);
    return { ...line, personId: known(line.personId) };
  });
}

async function* placesFrom(
  db: Db,
  campaign: Campaign,
  from: number,
  now: Date,
): AsyncGenerator<Place> {
  let count = 0;
  for await (const batch of candidates(db, campaign, now)) {
    const rest = batch.slice(Math.max(0, from - count));
    let at = count + batch.length - rest.length;
    count += batch.length;
    for (let start = 0; start < rest.length; start += chunkSize) {
      const chunk = rest.slice(start, start + chunkSize);
      const judged = await judgeCandidates(db, campaign, chunk, now);
      for (const [index, candidate] of chunk.entries()) {
        at += 1;
        const one = judged[index];
        if (one !== undefined) yield { at, candidate, judged: one };
      }
    }
  }
}

async function labelsOf(db: Db, roomIds: readonly string[]): Promise<Map<string, string>> {
  if (roomIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('room')
    .select(['id', 'label'])
    .where('id', 'in', [...new Set(roomIds)])
    .execute();
  return new Map(rows.map(({ id, label }) => [id, label]));
}

function lineOf({ at, candidate, judged }: Place, labels: ReadonlyMap<string, string>): Called {
  const { name, personId, roomId, estateId, coveredRoomIds, numbers } = candidate;
  return {
    ...{ position: at, name, personId, roomId, estateId },
    ...standingOf(judged.verdict),
    roomLabels: coveredRoomIds.flatMap((id) => labels.get(id) ?? []),
    numbers: numbers.map(({ number }) => number),
    owedFen: judged.input.debt?.owedFen ?? null,
  };
}

const nobody = '00000000-0000-0000-0000-000000000000';

function asContact(campaign: Campaign, one: Candidate): ContactRow {
  const now = new Date(0);
  return {
    ...one,
    id: nobody,
    campaignId: campaign.id,
    coveredRoomIds: [...one.coveredRoomIds],
    numbers: [...one.numbers],
    state: 'waiting',
    result: null,
    refusal: null,
    attempts: 0,
    nextAt: now,
    nextNumber: null,
    triedTrunks: [],
    owedFen: null,
    fallback: null,
    fallbackAt: null,
    confirmedAt: null,
    finishedAt: null,
    reservedBy: null,
    reservedUntil: null,
    writingRound: 0,
    createdAt: now,
  };
}
