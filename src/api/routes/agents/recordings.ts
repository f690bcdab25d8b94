import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parsePage, toPage, withoutSites } from '../../../db/index.ts';
import { recordingIn, recordingsPage, type Recordings } from '../../../recording/index.ts';
import { audit } from '../../../organisation/index.ts';
import { memberOf, scopeOf } from '../../access.ts';
import type { RouteParts, Server } from '../../api.types.ts';
import { route } from '../../route.ts';
import { plain } from '../../plain.ts';
import { notFound } from './calls.ts';

export function recordingRoutes(
  server: Server,
  { db, clock }: RouteParts,
  recordings: Pick<Recordings, 'pathOf'>,
): void {
  const acts = withoutSites(db, 'the audit is written for whoever acted');
  route(server, 'GET /recordings', async (request) => {
    const { callId, estateId } = request.query;
    const { limit, after } = parsePage(request.query);
    return toPage(
      await recordingsPage(scopeOf(request), db, { callId, estateId }, limit + 1, after),
      limit,
      (row) => ({ at: row.startedAt, id: row.id }),
      ({ path: _path, resume: _resume, ...row }) => plain(row),
    );
  });
  route(server, 'GET /recordings/:id/audio', async (request, reply) => {
    const member = memberOf(request);
    const row = await recordingIn(scopeOf(request), db, request.params.id);
    if (row?.state !== 'ready') throw notFound('recording');
    const path = recordings.pathOf(row);
    const { size } = await stat(path).catch(() => {
      throw notFound('recording');
    });
    await audit(acts, clock, { staffId: member.id, act: 'recording.played', subject: row.id });
    void reply.header('accept-ranges', 'bytes').type('audio/wav');
    const range = rangeOf(request.headers.range, size);
    if (range === 'none') {
      return reply.header('content-length', size).send(createReadStream(path));
    }
    if (range === 'bad') {
      return reply.status(416).header('content-range', `bytes */${size}`).send(null);
    }
    const { from, to } = range;
    return reply
      .status(206)
      .header('content-range', `bytes ${from}-${to}/${size}`)
      .header('content-length', to - from + 1)
      .send(createReadStream(path, { start: from, end: to }));
  });
}

/** One range of RFC 9110 section 14; more than one, or none, is answered with the whole file. */
export function rangeOf(
  header: string | undefined,
  size: number,
): { from: number; to: number } | 'none' | 'bad' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return 'none';
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return 'none';
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  return from > to || from >= size ? 'bad' : { from, to };
}
