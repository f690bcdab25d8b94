import { createHash } from 'node:crypto';
import { ShortCache } from '../../core/short-cache.ts';
import type { Db, Pool } from '../../db/index.ts';
import { FlowNotPublishedError } from '../content.errors.ts';
import type { Flow } from './definition.schema.ts';
import { validateFlow } from './validate.ts';

export interface PublishedFlow {
  flow: Flow;
  version: number;
}

/**
 * Makes the shipped flows live where they are new or changed; older calls keep their version. Where
 * staff have published a version of their own, the new one is only added.
 */
export async function publishFlows(db: Pool, flows: readonly Flow[]): Promise<void> {
  for (const flow of flows) {
    const definition = JSON.stringify(validateFlow(flow));
    const checksum = createHash('sha256').update(definition).digest('hex');
    await db.transaction().execute(async (trx) => {
      await trx
        .insertInto('flow')
        .values({ id: flow.id, name: flow.name, liveVersion: null })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      const versions = await trx
        .selectFrom('flowVersion')
        .select(['version', 'checksum', 'authorId'])
        .where('flowId', '=', flow.id)
        .orderBy('version', 'desc')
        .execute();
      const { liveVersion } = await trx
        .selectFrom('flow')
        .select('liveVersion')
        .where('id', '=', flow.id)
        .executeTakeFirstOrThrow();
      const live = versions.find((one) => one.version === liveVersion);
      if (versions.some((one) => one.checksum === checksum)) return;
      const version = (versions[0]?.version ?? 0) + 1;
      await trx
        .insertInto('flowVersion')
        .values({ flowId: flow.id, version, definition, checksum })
        .execute();
      if (live !== undefined && live.authorId !== null) return;
      await trx
        .updateTable('flow')
        .set({ liveVersion: version })
        .where('id', '=', flow.id)
        .execute();
    });
  }
}

/** Reads flows once each; a published version never changes. */
export class FlowLibrary {
  readonly #db: Pool;
  readonly #known = new Map<string, Flow>();
  readonly #live: ShortCache<number | null | undefined>;

  constructor(db: Pool) {
    this.#db = db;
    this.#live = new ShortCache((id) => liveVersion(db, id));
  }

  /** Throws `flow.not_published`. */
  async live(id: string): Promise<PublishedFlow> {
    const version = await this.#live.get(id);
    if (version == null) throw new FlowNotPublishedError(id);
    return { flow: await this.at(id, version), version };
  }

  async at(id: string, version: number): Promise<Flow> {
    const key = `${id}@${version}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const row = await this.#db
      .selectFrom('flowVersion')
      .select('definition')
      .where('flowId', '=', id)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    const flow = validateFlow(row.definition);
    this.#known.set(key, flow);
    return flow;
  }
}

/** The version that a call which begins now speaks; null or undefined while there is none. */
export async function liveVersion(db: Db, id: string): Promise<number | null | undefined> {
  const row = await db
    .selectFrom('flow')
    .select('liveVersion')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.liveVersion;
}
