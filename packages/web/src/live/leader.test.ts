import { expect, test } from "vitest";
import { type LiveMessage, leadStream, type StreamWorld, silenceMaxMs } from "./leader.ts";
import { SseParser } from "./sse.ts";
import { liveStatus } from "./status.ts";

/** A small world with its own time: streams are scripts of chunks and waits. */
class World implements StreamWorld {
  now = 0;
  readonly opened: (string | undefined)[] = [];
  readonly told: LiveMessage[] = [];
  readonly #scripts: (readonly (string | number | "fail")[])[];
  readonly #end: AbortController;
  #waits: { at: number; resolve: () => void }[] = [];

  constructor(scripts: (readonly (string | number | "fail")[])[], end: AbortController) {
    this.#scripts = scripts;
    this.#end = end;
  }

  nowMs(): number {
    return this.now;
  }
  tell(message: LiveMessage): void {
    this.told.push(message);
  }
  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const entry = { at: this.now + ms, resolve };
      this.#waits.push(entry);
      signal.addEventListener("abort", () => {
        this.#waits = this.#waits.filter((other) => other !== entry);
        resolve();
      });
    });
  }
  async open(lastId: string | undefined, signal: AbortSignal): Promise<AsyncIterable<string>> {
    this.opened.push(lastId);
    const script = this.#scripts.shift();
    if (!script) {
      this.#end.abort();
      throw new Error("no more scripts");
    }
    const world = this;
    return (async function* () {
      for (const part of script) {
        if (part === "fail") throw new Error("broken");
        if (typeof part === "number") await world.wait(part, signal);
        else yield part;
        if (signal.aborted) return;
      }
    })();
  }
  /** Lets everything happen that can, then moves time to the next wait. */
  async run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
      const next = this.#waits.sort((a, b) => a.at - b.at).shift();
      if (!next) continue;
      this.now = Math.max(this.now, next.at);
      next.resolve();
    }
  }
}

async function play(scripts: (readonly (string | number | "fail")[])[]): Promise<World> {
  const end = new AbortController();
  const world = new World(scripts, end);
  await Promise.all([leadStream(world, undefined, end.signal), world.run()]);
  return world;
}

test("each piece of the stream is told with its id, and a broken stream goes on after the last one", async () => {
  const world = await play([
    [": hello\n\n", 'id: 7\nevent: attempt\ndata: {"a":1}\n\n', "fail"],
    [": hello\n\n"],
  ]);
  expect(world.opened.slice(0, 2)).toEqual([undefined, "7"]);
  expect(world.told.filter((message) => message.kind === "item")).toEqual([
    { kind: "item", event: "attempt", data: '{"a":1}', lastId: "7" },
  ]);
  expect(world.told.some((message) => message.kind === "lost")).toBe(true);
});

test("a stream that stays open but falls silent is given up, and opened anew", async () => {
  const world = await play([[": hello\n\n", 60_000], [": hello\n\n"]]);
  expect(world.opened.length).toBeGreaterThanOrEqual(2);
  const lost = world.told.findIndex((message) => message.kind === "lost");
  expect(world.told[lost]).toEqual({ kind: "lost", atMs: silenceMaxMs });
});

test("heartbeats keep a quiet stream alive for as long as they come", async () => {
  const beats = Array.from({ length: 20 }, () => [5_000, ": beat\n\n"] as const).flat();
  const world = await play([[": hello\n\n", ...beats, "fail"]]);
  const lost = world.told.find((message) => message.kind === "lost");
  expect(lost).toEqual({ kind: "lost", atMs: 100_000 });
});

test("an event stream gives the same pieces however it is cut", () => {
  const text =
    ": hello\r\n\r\nid: 1\nevent: attempt\ndata: {\ndata: }\n\nevent: resync\ndata:\n\ndata: ș\n\n: beat\n\n";
  const whole = new SseParser().push(text);
  expect(whole).toEqual([
    { kind: "comment" },
    { kind: "event", event: "attempt", data: "{\n}", id: "1" },
    { kind: "event", event: "resync", data: "", id: "1" },
    { kind: "event", event: "message", data: "ș", id: "1" },
    { kind: "comment" },
  ]);
  for (let cut = 1; cut < text.length; cut += 1) {
    const parser = new SseParser();
    expect([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))], `cut at ${cut}`).toEqual(
      whole,
    );
  }
});

test.each([
  [0, true, 1_000, "live"],
  [0, false, 1_000, "reconnecting"],
  [0, true, silenceMaxMs + 1, "stale"],
  [0, false, silenceMaxMs + 1, "stale"],
] as const)("last heard at %i, connected %s, at %i ms: %s", (heardMs, connected, nowMs, kind) => {
  expect(liveStatus(heardMs, connected, nowMs).kind).toBe(kind);
});

test("figures are called stale within ten seconds of the last heartbeat", () => {
  expect(silenceMaxMs).toBeLessThan(10_000 - 1_000);
});
