import type { ServerResponse } from "node:http";
import { findEventName } from "@energsys/metering/models";
import {
  attemptStates,
  type Database,
  type DevicePlace,
  findMessage,
  type LiveMessage,
  type Scope,
} from "@energsys/store";
import type { Limits } from "../limits.ts";
import { Problem } from "../problem.ts";
import type { LiveItem } from "../schemas/attempts.ts";
import type { Right } from "../security/catalogue.ts";
import { can, filterOf, type Rights, scopeKey, scopeOf } from "../security/rights.ts";
import { Places } from "./places.ts";
import { MessageRing, type StreamMessage } from "./ring.ts";

interface Client {
  readonly response: ServerResponse;
  readonly sessionSha256: Buffer;
  scope: Scope;
}

/** The right that opens the stream: what it tells is about points. */
const streamRight: Right = "points.see";

/** What the sessions that still last may do, by the hex of their ids' hashes. */
type RightsOfSessions = (sha256s: readonly Uint8Array[]) => Promise<ReadonlyMap<string, Rights>>;

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
  readonly #rightsOf: RightsOfSessions;
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
      rightsOf: RightsOfSessions;
      onFault: (error: unknown) => void;
    },
  ) {
    this.#db = db;
    this.#limits = options.limits;
    this.#now = options.now;
    this.#isDatabaseUp = options.isDatabaseUp;
    this.#rightsOf = options.rightsOf;
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
      if (this.#isDatabaseUp()) this.#send(() => ": here\n\n");
    });
    this.#every(this.#limits.streamCheckMs, () => void this.#renewRights());
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

  /** Sends what came after `lastId`, or `resync` when that is no longer known, then everything new, all within the scope. */
  open(
    response: ServerResponse,
    { sessionSha256, scope }: { sessionSha256: Buffer; scope: Scope },
    lastId: number | undefined,
  ): void {
    response.write(": hello\n\n");
    if (lastId !== undefined) {
      const missed = this.#ring.after(lastId);
      const text = missed ? textFor(scope, missed) : `id: ${this.#ring.lastId}\nevent: resync\ndata: {}\n\n`;
      if (text !== "") response.write(text);
    }
    const client = { response, sessionSha256, scope };
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
      this.#tell(
        messages.map((message) => {
          const place = placeOf(message.deviceId);
          const item = liveItem(message, place);
          return this.#ring.add(item.type, JSON.stringify(item), place ?? "network");
        }),
      );
    } catch (error) {
      // The points could not be looked up: better to say "fetch anew" than to lose a message silently.
      this.#onFault(error);
      this.#resync();
    }
  }

  #resync(): void {
    this.#tell([this.#ring.add("resync", "{}", "any")]);
  }

  /** To each client what its scope holds; clients with the same scope share the work. */
  #tell(messages: readonly StreamMessage[]): void {
    const texts = new Map<string, string>();
    this.#send(({ scope }) => {
      const key = scopeKey(scope);
      const known = texts.get(key);
      if (known !== undefined) return known;
      const text = textFor(scope, messages);
      texts.set(key, text);
      return text;
    });
  }

  #send(textOf: (client: Client) => string): void {
    for (const client of this.#clients) {
      const text = textOf(client);
      if (text === "") continue;
      if (client.response.writableLength > this.#limits.streamBufferBytesMax) {
        this.#clients.delete(client);
        client.response.destroy();
      } else client.response.write(text);
    }
  }

  /** Ends the streams of sessions that ended or lost the right; the others go on with the scope of now. */
  async #renewRights(): Promise<void> {
    if (this.#clients.size === 0 || !this.#isDatabaseUp()) return;
    try {
      const rights = await this.#rightsOf([...this.#clients].map((client) => client.sessionSha256));
      for (const client of this.#clients) {
        const held = rights.get(client.sessionSha256.toString("hex"));
        if (held && can(held, streamRight, "any").allow) {
          client.scope = scopeOf(held, streamRight);
          continue;
        }
        this.#clients.delete(client);
        client.response.end();
      }
    } catch (error) {
      this.#onFault(error);
    }
  }
}

function textFor(scope: Scope, messages: readonly StreamMessage[]): string {
  const isWithin = filterOf(scope);
  return messages
    .filter(({ where }) => isWithin(where))
    .map(({ frame }) => frame)
    .join("");
}

/** Anyone with the database can send on the channel: what is not as it should be must not cost the messages around it. */
const isLive = (message: LiveMessage): boolean =>
  Number.isFinite(new Date(message.at).getTime()) &&
  (message.deviceId === null || isId(message.deviceId)) &&
  (message.type === "event"
    ? typeof message.code === "string"
    : message.type === "attempt" && isId(message.attemptId) && attemptStates.includes(message.state));
const isId = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;

function liveItem(message: LiveMessage, place: DevicePlace | undefined): LiveItem {
  const common = {
    at: new Date(message.at).toISOString(),
    deviceId: message.deviceId,
    pointId: place?.pointId ?? null,
    gatewayId: place?.gatewayId ?? null,
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
