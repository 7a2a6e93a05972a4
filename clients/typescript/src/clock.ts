// The server's clock: countdowns by it are right on a device whose own clock is wrong.

export class ServerClock {
  readonly #now: () => number;
  #low = Number.NEGATIVE_INFINITY;
  #high = Number.POSITIVE_INFINITY;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Learn from an answer's Date header. It names a whole second, so that the offset lies between
   * two bounds; each answer narrows them. The device's clock was set where they contradict.
   */
  learn(header: string | null, sentAt: number, receivedAt: number): void {
    const server = header ? Date.parse(header) : Number.NaN;
    if (Number.isNaN(server)) return;
    const low = server - receivedAt;
    const high = server + 1000 - sentAt;
    const fits = low <= this.#high && high >= this.#low;
    this.#low = fits ? Math.max(low, this.#low) : low;
    this.#high = fits ? Math.min(high, this.#high) : high;
  }

  /** Milliseconds to add to the device's clock; 0 before the first answer. */
  get offset(): number {
    return Number.isFinite(this.#low) ? Math.round((this.#low + this.#high) / 2) : 0;
  }

  /** Milliseconds since the epoch, as the server counts them. */
  now(): number {
    return this.#now() + this.offset;
  }

  /** Milliseconds until an instant of the API; 0 if it has passed. */
  until(instant: string): number {
    return Math.max(0, Date.parse(instant) - this.now());
  }
}
