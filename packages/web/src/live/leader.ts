import { SseParser } from "./sse.ts";

/** What the leading tab tells the others (and itself). */
export type LiveMessage =
  | { readonly kind: "heard"; readonly atMs: number; readonly lastId: string | undefined }
  | { readonly kind: "lost"; readonly atMs: number }
  | {
      readonly kind: "item";
      readonly event: string;
      readonly data: string;
      readonly lastId: string | undefined;
    };

export interface StreamWorld {
  /** Opens the stream after `lastId`; the chunks end or throw when it breaks. */
  open(lastId: string | undefined, signal: AbortSignal): Promise<AsyncIterable<string>>;
  tell(message: LiveMessage): void;
  nowMs(): number;
  /** Waits; gives up at once when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Longest silence that is believed: the server sends a comment every 5 s. */
export const silenceMaxMs = 8_000;
const waitsMs = [500, 1_000, 2_000, 4_000, 8_000];

/**
 * Keeps the one event stream of this browser open until `signal` ends it: reads it, tells each piece, and opens it anew
 * after the last event seen when it breaks or falls silent.
 */
export async function leadStream(
  world: StreamWorld,
  lastId: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  let seen = lastId;
  while (!signal.aborted) {
    try {
      for await (const piece of pieces(world, seen, signal)) {
        failures = 0;
        if (piece.kind === "item") seen = piece.lastId ?? seen;
        world.tell(piece);
      }
    } catch {
      // A stream that breaks is what the next turn of the loop is for; the reason does not matter.
    }
    if (signal.aborted) return;
    world.tell({ kind: "lost", atMs: world.nowMs() });
    await world.wait(waitsMs[Math.min(failures, waitsMs.length - 1)]!, signal);
    failures += 1;
  }
}

async function* pieces(
  world: StreamWorld,
  lastId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Exclude<LiveMessage, { kind: "lost" }>> {
  const one = new AbortController();
  const end = () => one.abort();
  signal.addEventListener("abort", end);
  try {
    const parser = new SseParser();
    let seen = lastId;
    const chunks = (await world.open(lastId, one.signal))[Symbol.asyncIterator]();
    for (;;) {
      const next = await untilSilent(chunks.next(), world, one);
      if (next.done) return;
      yield { kind: "heard", atMs: world.nowMs(), lastId: seen };
      for (const piece of parser.push(next.value)) {
        if (piece.kind === "comment") continue;
        seen = piece.id ?? seen;
        yield { kind: "item", event: piece.event, data: piece.data, lastId: piece.id };
      }
    }
  } finally {
    signal.removeEventListener("abort", end);
    one.abort();
  }
}

/** The next chunk, or an error when none comes for `silenceMaxMs`: the connection is taken for dead and closed. */
async function untilSilent<T>(next: Promise<T>, world: StreamWorld, one: AbortController): Promise<T> {
  const timer = new AbortController();
  const silence = world.wait(silenceMaxMs, timer.signal).then(() => {
    if (timer.signal.aborted) return new Promise<never>(() => {});
    one.abort();
    throw new Error("silent");
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    timer.abort();
  }
}
