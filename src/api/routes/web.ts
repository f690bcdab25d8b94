import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../core/program.ts';
import type { Server } from '../api.types.ts';

const built = path.join(root, 'web/dist');

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
    // Names of built files carry their content's hash; the page itself does not. A new build while
    // the service runs is served at once.
    await scope.register(fastifyStatic, {
      root: path.join(built, 'assets'),
      prefix: '/assets/',
      maxAge: '365d',
      immutable: true,
      // Their .br and .gz are made by scripts/build-web.mjs.
      preCompressed: true,
    });
    const page = { maxAge: 0, immutable: false };
    scope.get('/favicon.svg', { schema: { hide: true } }, async (_request, reply) =>
      reply.sendFile('favicon.svg', built, page),
    );
    // A monitor that asks where others have it must not take the page for good health.
    for (const known of ['/health', '/metrics']) {
      scope.get(known, { schema: { hide: true } }, async (_request, reply) =>
        reply.redirect(`/api/v1${known}`, 308),
      );
    }
    scope.get('/*', { schema: { hide: true } }, async (request, reply) => {
      if (request.url.startsWith('/api/')) {
        reply.callNotFound();
        return reply;
      }
      return reply.sendFile('index.html', built, page);
    });
  });
}
