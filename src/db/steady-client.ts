import pg from 'pg';

/**
 * A connection to Postgres whose loss ends no process. The pool listens to its idle clients only: one
 * that is at work when its connection breaks would throw, beside failing its query, which tells enough.
 */
export class SteadyClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
