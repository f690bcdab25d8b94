import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Server } from '../api.types.ts';

const built = path.join(import.meta.dirname, '../../../web/dist');

/** Pages may speak to this service only, over HTTP and websockets, and hold audio of their own making. */
const policy = {
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    mediaSrc: ["'self'", 'blob:', 'data:', 'mediastream:'],
    // The softphone's websocket has a port, and behind a proxy a host, of its own.
    connectSrc: ["'self'", 'ws:', 'wss:', 'blob:'],
    workerSrc: ["'self'", 'blob:'],
    frameAncestors: ["'none'"],
    // Plain HTTP is what a loopback installation speaks.
    upgradeInsecureRequests: null,
  },
};

/** The web application: its files, and its page for every address that is not the API's. */
export async function webRoutes(server: Server): Promise<void> {
  await server.register(async (scope) => {
    await scope.register(helmet, { contentSecurityPolicy: policy });
    if (!existsSync(path.join(built, 'index.html'))) {
      scope.get('/', { schema: { hide: true } }, async (_request, reply) =>
        reply.type('text/plain; charset=utf-8').send('网页尚未构建：npm run build:web\n'),
      );
      return;
    }
    await scope.register(fastifyStatic, {
      root: built,
      wildcard: false,
      // Names of built files carry their content's hash; the page itself does not.
      setHeaders(reply, file) {
        const isHashed = file.includes(`${path.sep}assets${path.sep}`);
        reply.header(
          'cache-control',
          isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
    scope.get('/*', { schema: { hide: true } }, async (request, reply) => {
      if (request.url.startsWith('/api/') || request.url.startsWith('/assets/')) {
        reply.callNotFound();
        return reply;
      }
      return reply.header('cache-control', 'no-cache').sendFile('index.html');
    });
  });
}
