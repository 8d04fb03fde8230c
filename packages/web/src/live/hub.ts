import type { LiveItem } from "../api/client.ts";
import { type LiveMessage, leadStream, type StreamWorld } from "./leader.ts";
import { type LiveStatus, liveStatus } from "./status.ts";

export interface LiveListener {
  /** Something happened in the field. */
  item?(item: LiveItem): void;
  /** More was missed than can be told again: ask for everything anew. */
  resync?(): void;
}

/**
 * The live stream as one tab sees it. Exactly one tab of the browser (the holder of the lock) has the connection and
 * tells the others over a channel; when it is closed, the next tab goes on after the last event that it heard of.
 */
export class LiveHub {
  readonly #channel = new BroadcastChannel("energsys.live");
  readonly #listeners = new Set<LiveListener>();
  readonly #watchers = new Set<() => void>();
  readonly #end = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  #heardMs = Date.now();
  #connected = false;
  #lastId: string | undefined;
  #status: LiveStatus = { kind: "reconnecting" };

  constructor() {
    this.#channel.onmessage = (message: MessageEvent<LiveMessage>) => this.#take(message.data);
    this.#timer = setInterval(() => this.#refresh(), 1_000);
    const world: StreamWorld = {
      open: openStream,
      nowMs: () => Date.now(),
      wait,
      tell: (message) => {
        this.#channel.postMessage(message);
        this.#take(message);
      },
    };
    const lead = () => leadStream(world, this.#lastId, this.#end.signal);
    // Over plain HTTP from another machine a browser has no locks: then each tab keeps a stream of its own.
    if ("locks" in navigator)
      navigator.locks.request("energsys.live", { signal: this.#end.signal }, lead).catch(() => {});
    else void lead();
  }

  get status(): LiveStatus {
    return this.#status;
  }

  /** Calls `watcher` when the status changes. */
  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  listen(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#end.abort();
    clearInterval(this.#timer);
    this.#channel.close();
  }

  #take(message: LiveMessage): void {
    if (message.kind === "lost") this.#connected = false;
    else {
      this.#connected = true;
      if (message.kind === "heard") this.#heardMs = message.atMs;
      this.#lastId = message.lastId ?? this.#lastId;
      if (message.kind === "item") this.#deliver(message.event, message.data);
    }
    this.#refresh();
  }

  #deliver(event: string, data: string): void {
    for (const listener of this.#listeners)
      if (event === "resync") listener.resync?.();
      else listener.item?.(JSON.parse(data) as LiveItem);
  }

  #refresh(): void {
    const next = liveStatus(this.#heardMs, this.#connected, Date.now());
    const same =
      next.kind === this.#status.kind &&
      (next.kind !== "stale" || this.#status.kind !== "stale" || next.sinceMs === this.#status.sinceMs);
    if (same) return;
    this.#status = next;
    for (const watcher of this.#watchers) watcher();
  }
}

async function openStream(lastId: string | undefined, signal: AbortSignal): Promise<AsyncIterable<string>> {
  const answer = await fetch("/api/stream", {
    signal,
    headers: { accept: "text/event-stream", ...(lastId === undefined ? {} : { "last-event-id": lastId }) },
  });
  if (!answer.ok || !answer.body) throw new Error(`stream ${answer.status}`);
  return texts(answer.body.getReader());
}

async function* texts(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
