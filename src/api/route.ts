/** Routes are registered by their key in the table of contract/routes.ts, which says all else about them. */
import type {
  ContextConfigDefault,
  RawServerDefault,
  RouteGenericInterface,
  RouteHandlerMethod,
  RouteOptions,
} from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TSchema } from 'typebox';
import { allRoutes, routes, type RouteKey, type Routes } from '../contract/routes.ts';
import type { Module, Route } from '../contract/route.ts';
import { AppError } from '../core/errors.ts';
import type { Server } from './api.types.ts';

type Part<Key extends RouteKey, Name extends string> =
  Routes[Key] extends Readonly<Record<Name, infer Schema extends TSchema>> ? Schema : undefined;

interface SchemaOf<Key extends RouteKey> {
  params: Part<Key, 'params'>;
  querystring: Part<Key, 'query'>;
  body: Part<Key, 'body'>;
  response: Routes[Key]['responses'];
}

/** A handler whose request and answer have the shapes of the table. */
export type Handler<Key extends RouteKey> = RouteHandlerMethod<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  RouteGenericInterface,
  ContextConfigDefault,
  SchemaOf<Key>,
  TypeBoxTypeProvider
>;

/** What reads. Writes are registered by `write` of write.ts, or by `command` with a reason. */
export type ReadKey = Extract<RouteKey, `GET ${string}`>;
export type WriteKey = Exclude<RouteKey, ReadKey>;

/** What a handler of that route is asked. */
export type RequestOf<Key extends RouteKey> = Parameters<Handler<Key>>[0];

export function route<Key extends ReadKey>(server: Server, key: Key, handler: Handler<Key>): void {
  register(server, key, handler);
}

/** For `route`, `write` and `command` alone. */
export function register(server: Server, key: RouteKey, handler: unknown): void {
  server.route({ ...optionsOf(key), handler } as unknown as RouteOptions);
}

/** What the table says of a route, as the framework takes it. */
export function optionsOf(key: RouteKey) {
  const [method = '', url = ''] = key.split(' ');
  const { summary, tags, permission, params, query, body, responses, ...one }: Route = routes[key];
  return {
    ...{ method, url },
    ...(one.bodyLimit === undefined ? {} : { bodyLimit: one.bodyLimit }),
    ...(one.isBodyOptional === true ? { preValidation: emptyBody } : {}),
    schema: {
      ...(one.isHidden === true ? { hide: true } : { summary, tags: [...tags] }),
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { querystring: query }),
      ...(body === undefined ? {} : { body }),
      response: { ...responses },
    },
    config: {
      ...{ key, permission, isToldOnce: one.isToldOnce ?? false },
      ...(one.rateLimit === undefined ? {} : { rateLimit: one.rateLimit }),
    },
  };
}

const emptyBody: RouteOptions['preValidation'] = (request, _reply, done) => {
  request.body ??= {};
  done();
};

export class ModuleOffError extends AppError {
  constructor(module: Module) {
    super({
      code: 'module.off',
      status: 404,
      message: `This part of the service (${module}) is switched off here.`,
      details: { module },
    });
  }
}

/** Sees to it that what is registered and what the table says are the same; call it before any route. */
export function holdToTable(server: Server): {
  /** Answers for the parts that are switched off; throws when any other route of the table is missing. */
  complete(off?: readonly Module[]): void;
} {
  const seen = new Set<string>();
  server.addHook('onRoute', ({ method, url, config }) => {
    const key = config?.key;
    if (key === undefined) throw new Error(`${String(method)} ${url} is not in contract/routes.ts`);
    if (method !== 'HEAD' && seen.has(key)) throw new Error(`${key} is registered twice`);
    seen.add(key);
  });
  return {
    complete(off = []) {
      for (const { key, route: one } of allRoutes()) {
        if (seen.has(key)) continue;
        const { module } = one;
        if (module === undefined || !off.includes(module)) {
          throw new Error(`${key} of contract/routes.ts is not registered`);
        }
        answerForOff(server, key, module);
      }
    },
  };
}

/** Before anybody looks at what the address and the body name. */
function answerForOff(server: Server, key: RouteKey, module: Module): void {
  const { schema: _schema, ...options } = optionsOf(key);
  const refuse = (): never => {
    throw new ModuleOffError(module);
  };
  server.route({
    ...{ ...options, schema: { hide: true } },
    ...{ preValidation: refuse, handler: refuse },
  } as unknown as RouteOptions);
}
