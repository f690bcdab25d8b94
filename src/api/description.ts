import swagger from '@fastify/swagger';
import fastify from 'fastify';
import type { RouteOptions } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { allRoutes } from '../contract/routes.ts';
import type { Server } from './api.types.ts';
import { installDocumentation } from './plugins/documentation.ts';
import { optionsOf } from './route.ts';

export const prefix = '/api/v1';

/** In one place instead of at every route. */
export function withSharedRefusals(described: object): object {
  const problem = { $ref: '#/components/responses/Problem' };
  let shared: unknown;
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key !== '4XX' && key !== '5XX') return [key, walk(inner)];
        shared ??= inner;
        return [key, problem];
      }),
    );
  };
  const { components, ...rest } = walk(described) as { components: object };
  return { ...rest, components: { ...components, responses: { Problem: shared } } };
}

/** Goes before every route that is to be described. */
export async function installDescription(server: Server): Promise<void> {
  await server.register(swagger, {
    openapi: { info: { title: '聆听 Lingting', version: '1' } },
  });
  installDocumentation(server);
}

/** The whole description, with what may be switched off: as it is kept in docs/openapi.json. */
export async function describeApi(): Promise<object> {
  const server: Server = fastify({ logger: false }).withTypeProvider<TypeBoxTypeProvider>();
  await installDescription(server);
  for (const { key } of allRoutes()) {
    const { url, ...options } = optionsOf(key);
    const handler = () => undefined;
    server.route({ ...options, url: prefix + url, handler } as unknown as RouteOptions);
  }
  await server.ready();
  const described = withSharedRefusals(server.swagger());
  await server.close();
  return described;
}
