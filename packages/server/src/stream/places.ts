import { type Database, type DevicePlace, findDevicePlaces } from "@energsys/store";

const placesMax = 20_000;
const freshMs = 60_000;

/** Which point a device's meter stands at, remembered for a minute; many devices are looked up at once. */
export class Places {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #known = new Map<number, { place: DevicePlace | undefined; untilMs: number }>();

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async find(deviceIds: readonly number[]): Promise<(deviceId: number | null) => DevicePlace | undefined> {
    const nowMs = this.#now();
    const unknown = [...new Set(deviceIds)].filter((id) => (this.#known.get(id)?.untilMs ?? 0) <= nowMs);
    if (unknown.length > 0) {
      const found = await findDevicePlaces(this.#db, unknown);
      if (this.#known.size + unknown.length > placesMax) this.#known.clear();
      for (const id of unknown) this.#known.set(id, { place: found.get(id), untilMs: nowMs + freshMs });
    }
    return (deviceId) => (deviceId === null ? undefined : this.#known.get(deviceId)?.place);
  }
}
