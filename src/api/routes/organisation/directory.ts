import { createHash, timingSafeEqual } from 'node:crypto';
import { directoryDocument, findPhone } from '../../../agents/index.ts';
import { withoutSites } from '../../../db/index.ts';
import { AppError } from '../../../core/errors.ts';
import type { RouteParts, FastifyRequest, Server } from '../../api.types.ts';
import { command } from '../../commands.ts';
import type { Phones } from '../agents/phones.ts';

type Settings = Pick<Phones, 'directorySecret' | 'demoPhones'>;

/** Answers switches that ask who may register; see docs/protocol/directory.md. */
export function directoryRoutes(server: Server, parts: RouteParts, phones: Settings): void {
  // A scope of its own: no other route takes forms, which any page may send.
  void server.register((scope, _options, done) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 64 * 1024 },
      (_request, body, ready) => ready(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    directoryRoute(scope, parts, phones);
    done();
  });
}

function directoryRoute(server: Server, parts: RouteParts, phones: Settings): void {
  const { clock } = parts;
  const { directorySecret, demoPhones } = phones;
  const db = withoutSites(parts.db, 'a switch asks, for telephones of no site');
  command(server, parts, 'POST /switch/directory', async (request, reply) => {
    if (!isAuthorised(request, directorySecret)) {
      throw new AppError({
        code: 'directory.wrong_credentials',
        status: 401,
        message: "The switch's directory credentials must be switch:SWITCH_DIRECTORY_SECRET.",
      });
    }
    const question = (request.body ?? {}) as Record<string, string | undefined>;
    const { section, user } = question;
    const phone =
      section === 'directory' && user !== undefined
        ? await findPhone(db, clock, user, { areDemoPhonesOpen: demoPhones === 'open' })
        : undefined;
    return reply.type('text/xml').send(directoryDocument(question, phone));
  });
}

function isAuthorised(request: FastifyRequest, secret: string): boolean {
  const given = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(
    digest(Buffer.from(given, 'base64').toString('utf8')),
    digest(`switch:${secret}`),
  );
}
