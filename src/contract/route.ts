/** How a route is described: what it takes and answers, who may ask, and whose data it is about. */
import type { TSchema } from 'typebox';
import type { NamedThing, Permission } from './codes.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Whose data a route is about:
 * `public` anybody's, without a log-in; `signed` for carriers and switches, who show a secret instead;
 * `own` that of whoever asks; `site` that of the sites which whoever asks may see;
 * `company` the same for all sites: read by all, changed by those who see all sites.
 */
export type RouteScope = 'public' | 'signed' | 'own' | 'site' | 'company';

/** Parts of the service that may be left out; their routes answer 404 `module.off` then. */
export type Module = 'campaigns';

export interface Route {
  readonly summary: string;
  readonly tags: readonly string[];
  /** Null: no log-in is asked for. */
  readonly permission: Permission | null;
  readonly scope: RouteScope;
  /** What the parameters of the path name. Of another site, it is answered as if it did not exist. */
  readonly names?: Readonly<Record<string, NamedThing>>;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Nothing at all may be sent instead of `{}`. */
  readonly isBodyOptional?: boolean;
  /** By status. Refusals (Problem) are the same for all and not listed. */
  readonly responses: Readonly<Record<number, TSchema>>;
  readonly module?: Module;
  /** The answer holds a secret: it is not kept for a repetition. */
  readonly isToldOnce?: boolean;
  /** Bytes of a body; 256 KiB where nothing is said. */
  readonly bodyLimit?: number;
  /** Of its own: of one person or address; false for none. */
  readonly rateLimit?: { readonly max: number; readonly timeWindow: string } | false;
  /** Between machines of one installation; not in the published description. */
  readonly isHidden?: boolean;
}

export type RouteTable = Readonly<Record<`${Method} /${string}`, Route>>;

/** The table of a wing, with its types as they are written. */
export function routes<const Table extends RouteTable>(table: Table): Table {
  return table;
}
