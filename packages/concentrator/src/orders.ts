import type { EpochMs } from "@energsys/protocols";
import { encodeOutcomeBody, orderCodes } from "./bodies.ts";
import type { Database } from "./database.ts";
import type { Devices } from "./devices.ts";
import type { OrderKind, OrderOutcome } from "./edge.ts";
import { entryKinds, type SqliteJournal } from "./journal.ts";
import type { LocalTime } from "./zone.ts";

export interface OpenOrder {
  readonly number: number;
  readonly logicalDevice: number;
  readonly kind: OrderKind;
}

/**
 * Orders to relays. A row is written before the line hears of it and stays open until its end was seen; the commanded state of the
 * output is kept with the device and outlives the order (docs/protocols/concentrator-centre.md, section 5).
 */
export class Orders {
  readonly #database: Database;
  readonly #journal: SqliteJournal;
  readonly #devices: Devices;
  readonly #time: LocalTime;
  readonly #now: () => EpochMs;

  constructor(
    database: Database,
    journal: SqliteJournal,
    devices: Devices,
    time: LocalTime,
    now: () => EpochMs,
  ) {
    this.#database = database;
    this.#journal = journal;
    this.#devices = devices;
    this.#time = time;
    this.#now = now;
  }

  /** A new order; an open one for the same output is superseded. @throws ConcentratorError `concentrator.store-full` */
  write(logicalDevice: number, kind: OrderKind): OpenOrder {
    return this.#journal.together(() => {
      const earlier = this.open().find((order) => order.logicalDevice === logicalDevice);
      if (earlier) this.end(earlier, "superseded", "a later order came");
      this.#devices.set(logicalDevice, { commanded: kind === "reconnect" });
      const { lastInsertRowid } = this.#database.sqlite
        .prepare(
          "insert into relay_order (device, kind, state, given_ms, tried_ms, attempts, detail) values (?, ?, 'open', ?, 0, 0, '')",
        )
        .run(logicalDevice, orderCodes[kind], Math.round(this.#now()));
      return { number: Number(lastInsertRowid), logicalDevice, kind };
    });
  }

  open(): OpenOrder[] {
    return this.#database.sqlite
      .prepare("select number, device, kind from relay_order where state = 'open' order by number")
      .all()
      .map((row) => {
        const { number, device, kind } = row as { number: number; device: number; kind: number };
        return {
          number,
          logicalDevice: device,
          kind: kind === orderCodes.reconnect ? "reconnect" : "disconnect",
        };
      });
  }

  isOpen(order: OpenOrder): boolean {
    return this.open().some(({ number }) => number === order.number);
  }

  /** The meter did not answer: the order stays. The first time it is told in the journal. */
  waits(order: OpenOrder, detail: string): void {
    this.#journal.together(() => {
      const { attempts } = this.#database.sqlite
        .prepare(
          "update relay_order set attempts = attempts + 1, tried_ms = ? where number = ? returning attempts",
        )
        .get(Math.round(this.#now()), order.number) as { attempts: number };
      if (attempts === 1) this.#tell(order, "waiting", detail);
    });
  }

  end(order: OpenOrder, state: "confirmed" | "failed" | "superseded", detail: string): void {
    this.#journal.together(() => {
      this.#database.sqlite
        .prepare("update relay_order set state = ?, detail = ? where number = ?")
        .run(state, detail, order.number);
      this.#tell(order, state, detail);
    });
  }

  #tell(order: OpenOrder, outcome: OrderOutcome["outcome"], detail: string): void {
    const output = this.#devices.find(order.logicalDevice)?.output ?? true;
    const body = encodeOutcomeBody(
      { atMs: this.#now(), kind: order.kind, outcome, output, detail },
      this.#time,
    );
    this.#journal.append([{ logicalDevice: order.logicalDevice, kind: entryKinds.outcome, body }]);
  }
}
