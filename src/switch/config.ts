import { readFileSync } from 'node:fs';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { AppError } from '../core/errors.ts';
import { sipLimitsSchema } from './sip/index.ts';

const port = Type.Integer({ minimum: 0, maximum: 65_535 });

/** The file that `--config` names. */
export const switchConfigSchema = Type.Object({
  sip: Type.Object({
    host: Type.String(),
    port,
    domain: Type.String(),
    /** What digests are made with; see docs/protocol/directory.md. */
    realm: Type.Optional(Type.String()),
  }),
  /** SIP over WebSocket for browsers; left out, they are not served. */
  ws: Type.Optional(
    Type.Object({
      host: Type.String(),
      port,
      origins: Type.Optional(Type.Array(Type.String())),
      hosts: Type.Optional(Type.Array(Type.String())),
      trustedProxies: Type.Optional(Type.Array(Type.String())),
    }),
  ),
  /** SIP over TLS; left out, it is not offered. */
  tls: Type.Optional(Type.Object({ port, certFile: Type.String(), keyFile: Type.String() })),
  /** Encrypted audio of telephones over TLS; `offered` by default. */
  srtp: Type.Optional(
    Type.Union([Type.Literal('off'), Type.Literal('offered'), Type.Literal('required')]),
  ),
  /** What one address may do; what is left out is as in docs/settings.md. Without any of it, calls are not limited. */
  limits: Type.Optional(Type.Partial(sipLimitsSchema)),
  esl: Type.Object({
    host: Type.String(),
    port,
    password: Type.String({ minLength: 8 }),
    loginSec: Type.Optional(Type.Number({ minimum: 0.05 })),
    unproven: Type.Optional(Type.Integer({ minimum: 1 })),
  }),
  rtp: Type.Object({
    host: Type.String(),
    from: port,
    to: port,
    timeoutSec: Type.Number(),
    unheardSec: Type.Optional(Type.Number()),
  }),
  /** Numbers that anyone may dial; their calls are parked for the service. */
  hotlines: Type.Array(Type.String()),
  /** Who may register besides the users of the service; never with a password in clear. */
  users: Type.Array(
    Type.Object({
      username: Type.String(),
      ha1: Type.String(),
      ha1Sha256: Type.Optional(Type.String()),
      variables: Type.Optional(Type.Record(Type.String(), Type.String())),
    }),
  ),
  /** Where the service tells who may register. */
  directory: Type.Optional(
    Type.Object({ url: Type.String(), credentials: Type.Optional(Type.String()) }),
  ),
  gateways: Type.Record(
    Type.String(),
    Type.Object({
      host: Type.String(),
      port,
      username: Type.Optional(Type.String()),
      password: Type.Optional(Type.String()),
    }),
  ),
  /** Who may call with a number of somebody's: addresses and networks, by the trunk's name. */
  trunks: Type.Optional(
    Type.Record(Type.String(), Type.Object({ from: Type.Array(Type.String()) })),
  ),
  /** Name of a gateway behind which there is no carrier, but the telephones of the demo that are registered here. */
  testTrunk: Type.Optional(Type.String()),
  maxSessions: Type.Integer({ minimum: 1 }),
  /** Written once all ports are open; removed at the end. */
  readyFile: Type.String(),
});

export type SwitchConfig = Static<typeof switchConfigSchema>;

/** Throws `AppError` `switch.config` that names the field. */
export function readSwitchConfig(path: string): SwitchConfig {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new AppError({
      code: 'switch.config',
      status: 500,
      message: `the switch's settings ${path} cannot be read`,
      cause: error,
    });
  }
  if (Value.Check(switchConfigSchema, value)) return value;
  const [first] = Value.Errors(switchConfigSchema, value);
  const field = first === undefined ? '' : `${first.instancePath} ${first.message}`;
  throw new AppError({
    code: 'switch.config',
    status: 500,
    message: `the switch's settings ${path} are wrong at ${field}`,
  });
}
