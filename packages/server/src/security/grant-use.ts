import { type Database, touchGrants } from "@energsys/store";

const hourMs = 3_600_000;
const knownMax = 50_000;

/** Notes that a grant was of use, at most once an hour each. */
export class GrantUse {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #notedAt = new Map<number, number>();

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async note(grantId: number): Promise<void> {
    const nowMs = this.#now();
    if (nowMs - (this.#notedAt.get(grantId) ?? Number.NEGATIVE_INFINITY) < hourMs) return;
    if (this.#notedAt.size >= knownMax) this.#notedAt.clear();
    this.#notedAt.set(grantId, nowMs);
    await touchGrants(this.#db, { grantIds: [grantId], nowMs });
  }
}
