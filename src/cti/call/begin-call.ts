import { outboxRow, type Db } from '../../db/index.ts';
import type { CallDirection } from '../../db/schema.ts';

export interface NewCall {
  id: string;
  legId: string;
  direction: CallDirection;
  did: string;
  callerNumber: string;
  startedAt: Date;
  switchNode: string;
}

/** Call, first leg and the news of it, in one statement; nothing when the call is there already. */
export async function beginCall(db: Db, call: NewCall): Promise<void> {
  const { legId, ...row } = call;
  const told = outboxRow('call.started', { callId: call.id, did: call.did }, call.startedAt);
  await db
    .with('made', (qb) =>
      qb
        .insertInto('call')
        .values({ ...row, state: 'ringing' })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning(['id', 'direction', 'callerNumber', 'startedAt']),
    )
    .with('leg', (qb) =>
      qb
        .insertInto('callLeg')
        .columns(['id', 'callId', 'role', 'direction', 'number', 'startedAt'])
        .expression((from) =>
          from
            .selectFrom('made')
            .select((made) => [
              made.cast<string>(made.val(legId), 'uuid').as('id'),
              'made.id as callId',
              made.val('caller' as const).as('role'),
              'made.direction',
              'made.callerNumber as number',
              'made.startedAt',
            ]),
        ),
    )
    .insertInto('outbox')
    .columns(['name', 'payload', 'at'])
    .expression((from) =>
      from
        .selectFrom('made')
        .select((made) => [
          made.val(told.name).as('name'),
          made.cast<string>(made.val(told.payload), 'jsonb').as('payload'),
          made.cast<Date>(made.val(told.at), 'timestamptz').as('at'),
        ]),
    )
    .execute();
}
