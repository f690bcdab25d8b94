import { Counter } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import type { Pool } from '../../db/index.ts';
import { usualPinLimits, type PinLimits } from './pin-guard.ts';
import { verifyPin, type PinResult, type PinTry } from './pins.ts';

/** Where PINs of callers are checked, by the limits of the settings, and counted. */
export class PinChecks {
  readonly metric = new Counter({
    name: 'lingting_pin_checks_total',
    help: 'PINs that callers keyed, by result: ok, wrong, locked, unset',
    labelNames: ['result'],
    registers: [],
  });
  readonly #limits: PinLimits;

  constructor(limits: PinLimits = usualPinLimits) {
    this.#limits = limits;
  }

  async verify(db: Pool, clock: Clock, one: PinTry): Promise<PinResult> {
    const checked = await verifyPin(db, clock, one, this.#limits);
    this.metric.inc({ result: checked.result });
    return checked;
  }
}
