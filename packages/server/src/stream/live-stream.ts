import type { ServerResponse } from "node:http";
import { findEventName } from "@energsys/metering/models";
import { attemptStates, type Database, findMessage, type LiveMessage, livingSessions } from "@energsys/store";
import type { Limits } from "../limits.ts";
import { Problem } from "../problem.ts";
import type { LiveItem } from "../schemas/attempts.ts";
import { Places } from "./places.ts";
import { MessageRing } from "./ring.ts";

interface Client {
  readonly response: ServerResponse;
  readonly sessionSha256: Buffer;
}

/** Messages gathered before they are looked up and sent together. */
const gatherMs = 50;
/** Messages waiting for their points to be found; beyond that the browsers are asked to fetch anew. */
const waitingMax = 20_000;

/**
 * One listening connection for all browsers: what the head-ends announce goes into the ring and from there to every open
 * stream, with the point that it is about.
 */
export class LiveStream {
  readonly #db: Database;
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #isDatabaseUp: () => boolean;
  readonly #onFault: (error: unknown) => void;
  readonly #ring: MessageRing;
  readonly #places: Places;
  readonly #clients = new Set<Client>();
  readonly #timers: NodeJS.Timeout[] = [];
  #waiting: LiveMessage[] = [];
  #gathering: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #unlisten: (() => Promise<void>) | undefined;
  #stopped = false;

  constructor(
    db: Database,
    options: {
      limits: Limits;
      now: () => number;
      isDatabaseUp: () => boolean;
      onFault: (error: unknown) => void;
    },
  ) {
    this.#db = db;
    this.#limits = options.limits;
    this.#now = options.now;
    this.#isDatabaseUp = options.isDatabaseUp;
    this.#onFault = options.onFault;
    this.#ring = new MessageRing(options.limits.streamRingMax, options.now() * 1_000);
    this.#places = new Places(db, options.now);
  }

  get clients(): number {
    return this.#clients.size;
  }

  get listening(): boolean {
    return this.#unlisten !== undefined;
  }

  /** Begins to listen, trying again while the database is away. */
  start(): void {
    this.#listen();
    // While the database is away nothing can be told: silence then shows as "stale" in the browser.
    this.#every(this.#limits.streamHeartbeatMs, () => {
      if (this.#isDatabaseUp()) this.#send(": here\n\n");
    });
    this.#every(this.#limits.streamCheckMs, () => void this.#endRevoked());
  }

  /** Ends all streams; browsers reconnect by themselves. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#gathering);
    for (const client of this.#clients) client.response.end();
    this.#clients.clear();
    // The listening connection ends with the database that it belongs to.
  }

  /** Before the answer's head is written. @throws Problem `stream.full` */
  checkRoom(): void {
    if (this.#clients.size >= this.#limits.streamClientsMax || this.#stopped) {
      throw new Problem("stream.full", { retryAfterSeconds: 5 });
    }
  }

  /** Sends what came after `lastId`, or `resync` when that is no longer known, then everything new. */
  open(response: ServerResponse, sessionSha256: Buffer, lastId: number | undefined): void {
    response.write(": hello\n\n");
    if (lastId !== undefined) {
      const missed = this.#ring.after(lastId);
      if (!missed) response.write(`id: ${this.#ring.lastId}\nevent: resync\ndata: {}\n\n`);
      else if (missed.length > 0) response.write(missed.map((message) => message.frame).join(""));
    }
    const client = { response, sessionSha256 };
    this.#clients.add(client);
    response.on("close", () => this.#clients.delete(client));
    response.on("error", () => this.#clients.delete(client));
  }

  #every(ms: number, work: () => void): void {
    this.#timers.push(setInterval(work, ms));
  }

  #listen(): void {
    if (this.#stopped) return;
    this.#db
      .listen(
        "energsys_live",
        (payload) => this.#receive(payload),
        () => this.#resync(),
      )
      .then(
        (unlisten) => {
          this.#unlisten = unlisten;
          if (this.#stopped) void unlisten();
        },
        () => setTimeout(() => this.#listen(), 1_000).unref(),
      );
  }

  #receive(payload: string): void {
    const message = findMessage<"energsys_live">(payload);
    if (!message || !isLive(message)) return;
    if (this.#waiting.length >= waitingMax) {
      this.#waiting = [];
      this.#resync();
      return;
    }
    this.#waiting.push(message);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#sending = this.#sending.then(() => this.#sendWaiting());
    }, gatherMs);
  }

  async #sendWaiting(): Promise<void> {
    const messages = this.#waiting;
    this.#waiting = [];
    try {
      const ids = messages.map((message) => message.deviceId).filter((id) => typeof id === "number");
      const placeOf = await this.#places.find(ids);
      const frames = messages.map((message) => {
        const item = liveItem(message, placeOf(message.deviceId));
        return this.#ring.add(item.type, JSON.stringify(item)).frame;
      });
      this.#send(frames.join(""));
    } catch (error) {
      // The points could not be looked up: better to say "fetch anew" than to lose a message silently.
      this.#onFault(error);
      this.#resync();
    }
  }

  #resync(): void {
    this.#send(this.#ring.add("resync", "{}").frame);
  }

  #send(text: string): void {
    if (text === "") return;
    for (const client of this.#clients) {
      if (client.response.writableLength > this.#limits.streamBufferBytesMax) {
        this.#clients.delete(client);
        client.response.destroy();
      } else client.response.write(text);
    }
  }

  async #endRevoked(): Promise<void> {
    if (this.#clients.size === 0 || !this.#isDatabaseUp()) return;
    try {
      const alive = await livingSessions(this.#db, {
        sha256s: [...this.#clients].map((client) => client.sessionSha256),
        nowMs: this.#now(),
        idleMs: this.#limits.sessionIdleMs,
      });
      for (const client of this.#clients) {
        if (alive.has(client.sessionSha256.toString("hex"))) continue;
        this.#clients.delete(client);
        client.response.end();
      }
    } catch (error) {
      this.#onFault(error);
    }
  }
}

/** Anyone with the database can send on the channel: what is not as it should be must not cost the messages around it. */
const isLive = (message: LiveMessage): boolean =>
  Number.isFinite(new Date(message.at).getTime()) &&
  (message.deviceId === null || isId(message.deviceId)) &&
  (message.type === "event"
    ? typeof message.code === "string"
    : message.type === "attempt" && isId(message.attemptId) && attemptStates.includes(message.state));
const isId = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;

function liveItem(
  message: LiveMessage,
  place: { pointId: number; pod: string; name: string } | undefined,
): LiveItem {
  const common = {
    at: new Date(message.at).toISOString(),
    deviceId: message.deviceId,
    pointId: place?.pointId ?? null,
    pod: place?.pod ?? null,
    name: place?.name ?? null,
  };
  if (message.type === "event")
    return { type: "event", ...common, code: message.code, eventName: findEventName(message.code) ?? null };
  const { attemptId, state, cause, errorCode, intervals, registers, events } = message;
  return {
    type: "attempt",
    ...common,
    attemptId,
    state,
    cause,
    errorCode: errorCode ?? null,
    intervals: intervals ?? 0,
    registers: registers ?? 0,
    events: events ?? 0,
  };
}
