import { sql } from 'kysely';
import type { Db, WorkOrder } from '../db/index.ts';
import { dayIn } from '../property/index.ts';

/**
 * The questions that a pop asks, each one round trip and answered by an index (a test explains
 * them). Kept apart from what is made of the answers.
 */
export function callForPop(db: Db, callId: string) {
  return (
    db
      .selectFrom('call')
      // What the flow says of the call is written a moment later than who is rung is shown it.
      .leftJoin('hotline', (join) =>
        join.onRef('hotline.did', '=', 'call.did').on('call.direction', '=', 'inbound'),
      )
      .leftJoin('estate', (join) =>
        join.on(({ eb, fn }) =>
          eb('estate.id', '=', fn.coalesce('call.estateId', 'hotline.estateId')),
        ),
      )
      .where('call.id', '=', callId)
      .select([
        'call.id',
        'call.did',
        'call.direction',
        'estate.id as estateId',
        'call.callerNumber',
        'call.isNumberVerified',
        'call.language',
        'call.personId',
        'call.roomId',
        'call.startedAt',
        'estate.name as estateName',
        'estate.nameEn as estateNameEn',
      ])
      // The alarm is written before anybody is rung, and stays; the place in the queue is written behind.
      .select((row) =>
        row
          .exists(
            row
              .selectFrom('alarm')
              .whereRef('alarm.callId', '=', 'call.id')
              .where('alarm.kind', '=', 'emergency'),
          )
          .$castTo<boolean>()
          .as('isEmergency'),
      )
  );
}

/** What the caller did in the menu. The start of the call tells Postgres which partitions to read. */
export function stepsOfCall(db: Db, callId: string, startedAt: Date) {
  return db
    .selectFrom('callEvent')
    .where('callId', '=', callId)
    .where('at', '>=', new Date(startedAt.getTime() - 60_000))
    .where('kind', 'in', ['flow.stepped', 'flow.keyPressed', 'pin.checked'])
    .select(['at', 'kind', 'data'])
    .orderBy('seq')
    .limit(300);
}

/** All who use that number, and the person whom somebody tied to the call, each with their homes. */
export function peopleForPop(
  db: Db,
  { number, personId, now }: { number: string; personId: string | null; now: Date },
) {
  const today = dayIn(now, sql.ref('estate.time_zone'));
  const ids = db
    .selectFrom('personPhone')
    .where('number', '=', number)
    .select('personId as id')
    .$if(personId !== null, (query) =>
      query.union(
        db
          .selectFrom('person')
          .where('id', '=', personId ?? '')
          .select('id'),
      ),
    );
  return db
    .selectFrom('person')
    .leftJoinLateral(
      (row) =>
        row
          .selectFrom('occupancy as held')
          .innerJoin('room', 'room.id', 'held.roomId')
          .innerJoin('estate', 'estate.id', 'room.estateId')
          .whereRef('held.personId', '=', 'person.id')
          .where('held.validFrom', '<=', today)
          .where((where) =>
            where.or([where('held.validTo', 'is', null), where('held.validTo', '>=', today)]),
          )
          // Somebody may be the owner and the tenant of one home: it is one home.
          .distinctOn('held.roomId')
          .orderBy('held.roomId')
          .orderBy('held.role')
          .select(['held.role', 'held.roomId', 'room.label', 'room.estateId'])
          .select(['estate.name as estateName', 'estate.nameEn as estateNameEn'])
          .as('home'),
      (join) => join.onTrue(),
    )
    .where('person.id', 'in', ids)
    .select([
      'person.id as personId',
      'person.name',
      'person.isVip',
      'person.language',
      'person.notes',
      'person.flags',
      'home.role',
      'home.roomId',
      'home.label',
      'home.estateId',
      'home.estateName',
      'home.estateNameEn',
    ])
    .orderBy('person.id')
    .orderBy('home.label')
    .limit(200);
}

// Written into the statement, so that the partial index of open orders fits it.
const closed = sql<WorkOrder['state']>`'closed'`;
const cancelled = sql<WorkOrder['state']>`'cancelled'`;
const ordersShown = 5;
const contactsShown = 5;

export function openOrdersOf(db: Db, roomIds: readonly string[]) {
  return db
    .selectFrom('room')
    .innerJoinLateral(
      (row) =>
        row
          .selectFrom('workOrder')
          .whereRef('workOrder.roomId', '=', 'room.id')
          .where('workOrder.state', 'not in', [closed, cancelled])
          // Done is not open any more, whether or not the owner has said so.
          .where('workOrder.state', 'not in', ['done', 'confirmed'])
          .orderBy('workOrder.createdAt', 'desc')
          .limit(ordersShown)
          .select([
            'workOrder.number',
            'workOrder.kind',
            'workOrder.category',
            'workOrder.state',
            'workOrder.severity',
            'workOrder.summary',
            'workOrder.createdAt',
          ])
          // All of the home, not only those shown.
          .select(({ fn }) => fn.countAll<number>().over().as('openCount'))
          .as('order'),
      (join) => join.onTrue(),
    )
    .where('room.id', 'in', roomIds)
    .select('room.id as roomId')
    .selectAll('order');
}

/**
 * Earlier calls of each person, and those from the number that were tied to nobody (`personId` null),
 * with the agent who talked last and what they wrote down.
 */
export function contactsOf(
  db: Db,
  {
    personIds,
    number,
    exceptCallId,
  }: { personIds: readonly string[]; number: string; exceptCallId: string },
) {
  const ofPeople = db
    .selectFrom('person')
    .innerJoinLateral(
      (row) =>
        row
          .selectFrom('call')
          .whereRef('call.personId', '=', 'person.id')
          .where('call.id', '!=', exceptCallId)
          .orderBy('call.startedAt', 'desc')
          .limit(contactsShown)
          .select(['call.id', 'call.startedAt', 'call.direction', 'call.outcome'])
          .as('mine'),
      (join) => join.onTrue(),
    )
    .where('person.id', 'in', personIds)
    .select([
      sql<string | null>`person.id`.as('personId'),
      'mine.id',
      'mine.startedAt',
      'mine.direction',
      'mine.outcome',
    ]);
  const ofNumber = db
    .selectFrom((from) =>
      from
        .selectFrom('call')
        .where('callerNumber', '=', number)
        .where('isNumberVerified', '=', true)
        .where('personId', 'is', null)
        .where('id', '!=', exceptCallId)
        .orderBy('startedAt', 'desc')
        .limit(contactsShown)
        .select(['personId', 'id', 'startedAt', 'direction', 'outcome'])
        .as('theirs'),
    )
    .selectAll();
  return db
    .selectFrom(ofPeople.unionAll(ofNumber).as('contact'))
    .leftJoinLateral(
      (row) =>
        row
          .selectFrom('engagement')
          .innerJoin('staff', 'staff.id', 'engagement.staffId')
          .whereRef('engagement.callId', '=', 'contact.id')
          .orderBy('engagement.talkSince', 'desc')
          .limit(1)
          .select(['staff.displayName as agentName', 'engagement.note'])
          .as('talk'),
      (join) => join.onTrue(),
    )
    .select([
      'contact.personId',
      'contact.id',
      'contact.startedAt',
      'contact.direction',
      'contact.outcome',
      'talk.agentName',
      'talk.note',
    ]);
}
