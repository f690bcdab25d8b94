import { Histogram } from 'prom-client';

/** Seconds; fine around the limits of docs/performance.md, 20 ms and 50 ms. */
const buckets = [
  ...[0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.0125, 0.015, 0.0175, 0.02, 0.025, 0.03, 0.035],
  ...[0.04, 0.045, 0.05, 0.06, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5],
];

/** How long people wait for the service itself, as `/api/v1/metrics` shows it to the operator. */
export class Latencies {
  /** From the switch's word that a caller wants a person to the frame on a free agent's websocket. */
  readonly pop = new Histogram({
    name: 'lingting_pop_seconds',
    help: 'Event of the switch that brings a caller to a free agent, until the pop is written to their websocket',
    buckets,
    registers: [],
  });
  /** From the moment that an agent is free to the order to ring their telephone for whoever waits. */
  readonly offer = new Histogram({
    name: 'lingting_offer_seconds',
    help: 'Agent free, until the next caller is offered: the order to ring is written to the switch',
    buckets,
    registers: [],
  });
  readonly #pops = new Map<string, number>();

  /** @param since monotonic milliseconds. */
  popBegins(staffId: string, since: number): void {
    this.#pops.set(staffId, since);
  }

  /** A screen with an offer on it has left for that person's browser. Only the first counts. */
  popWritten(staffId: string): void {
    const since = this.#pops.get(staffId);
    if (since === undefined) return;
    this.#pops.delete(staffId);
    this.pop.observe(secondsSince(since));
  }

  /** Who has no browser open is shown nothing. */
  popMissed(): void {
    this.#pops.clear();
  }

  /** @param since monotonic milliseconds. */
  offerSent(since: number): void {
    this.offer.observe(secondsSince(since));
  }
}

function secondsSince(at: number): number {
  return (performance.now() - at) / 1000;
}
