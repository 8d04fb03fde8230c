import { connect, createServer, type Socket } from "node:net";
import type { Clock } from "@energsys/protocols";
import { listenError } from "../links/listening.ts";
import { draws, hash } from "../random.ts";
import { ImpairedPath } from "./impaired-path.ts";
import type { LinkProfile } from "./link-profile.ts";

export interface FaultProxyOptions {
  readonly host?: string;
  /** 0 = any free port (default). */
  readonly port?: number;
  readonly to: { readonly host: string; readonly port: number };
  readonly profile: LinkProfile;
  /** Equal seeds make the n-th connection go wrong in the same places (default 1). */
  readonly seed?: number;
  readonly clock: Clock;
}

export interface FaultProxyCounts {
  readonly connections: number;
  readonly open: number;
  readonly bytes: number;
  readonly flips: number;
  readonly cut: number;
  /** Connections that stand but carry nothing any more. */
  readonly dead: number;
  /** Connections whose other end did not answer. */
  readonly unreachable: number;
}

export interface FaultProxy {
  readonly port: number;
  /** What passed and what went wrong so far. */
  counts(): FaultProxyCounts;
  /** Other weather, for connections from now on. */
  setProfile(profile: LinkProfile): void;
  /** Nothing passes while it is held, in no connection, those of meanwhile included; nothing is lost. */
  hold(held: boolean): void;
  /** Cuts every connection; new ones are taken. */
  cutAll(): void;
  close(): Promise<void>;
}

/** Bytes on the way in one direction beyond which the sender is not read. */
const queuedMax = 256 * 1024;

/**
 * A TCP proxy that makes a good connection bad: latency, jitter, rate, bit flips, losses, stalls, cuts and connections that stand but
 * carry nothing, all by a seed.
 * @throws SimulatorError `simulator.port-used`, `simulator.port-denied`
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { host = "127.0.0.1", port = 0, to, seed = 1, clock } = options;
  let { profile } = options;
  const counts = { connections: 0, bytes: 0, cut: 0, dead: 0, unreachable: 0 };
  const pairs = new Set<ProxiedPair>();
  let flipsBefore = 0;
  let isHeld = false;

  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (near) => {
    counts.connections += 1;
    const number = counts.connections;
    const far = connect({ ...to, allowHalfOpen: true });
    let reached = false;
    far.once("connect", () => {
      reached = true;
      near.resume();
    });
    const pair = new ProxiedPair(near, far, profile, clock, hash(seed, number), {
      passed: (bytes) => {
        counts.bytes += bytes;
      },
      over: (how) => {
        if (!pairs.delete(pair)) return;
        flipsBefore += pair.flips;
        if (how === "cut") counts.cut += 1;
        if (!reached) counts.unreachable += 1;
      },
      dead: () => {
        counts.dead += 1;
      },
    });
    pair.hold(isHeld);
    pairs.add(pair);
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(host, port, cause)));
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : port,
    counts: () => ({
      ...counts,
      open: pairs.size,
      flips: [...pairs].reduce((sum, pair) => sum + pair.flips, flipsBefore),
    }),
    setProfile(next) {
      profile = next;
    },
    hold(held) {
      isHeld = held;
      for (const pair of pairs) pair.hold(held);
    },
    cutAll() {
      for (const pair of [...pairs]) pair.close();
    },
    async close() {
      for (const pair of [...pairs]) pair.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

interface PairHearer {
  passed(bytes: number): void;
  over(how: "closed" | "cut"): void;
  dead(): void;
}

/** The two connections that the proxy joins, and the two bad paths between them. */
class ProxiedPair {
  readonly #hearer: PairHearer;
  readonly #sockets: readonly [near: Socket, far: Socket];
  readonly #paths: readonly ImpairedPath[];
  #dead = false;
  #over = false;

  constructor(
    near: Socket,
    far: Socket,
    profile: LinkProfile,
    clock: Clock,
    key: number,
    hearer: PairHearer,
  ) {
    this.#hearer = hearer;
    this.#sockets = [near, far];
    this.#paths = [
      this.#path(near, far, profile, clock, hash(key, 1)),
      this.#path(far, near, profile, clock, hash(key, 2)),
    ];
  }

  get flips(): number {
    return this.#paths.reduce((sum, path) => sum + path.flips, 0);
  }

  hold(held: boolean): void {
    for (const path of this.#paths) path.hold(held);
  }

  close(how: "closed" | "cut" = "closed"): void {
    if (this.#over) return;
    this.#over = true;
    for (const path of this.#paths) path.stop();
    for (const socket of this.#sockets) socket.destroy();
    this.#hearer.over(how);
  }

  #path(from: Socket, into: Socket, profile: LinkProfile, clock: Clock, key: number): ImpairedPath {
    let ended = false;
    const path = new ImpairedPath(profile, clock, draws(key), {
      deliver: (bytes) => {
        this.#hearer.passed(bytes.length);
        // Whoever does not take what comes makes the other side wait.
        if (!into.destroyed && !into.write(bytes)) from.pause();
      },
      cut: () => this.close("cut"),
      die: () => this.#die(),
    });
    const goOn = () => {
      if (this.#over || this.#dead) return;
      if (path.queued <= queuedMax && !into.writableNeedDrain) from.resume();
      // The end comes after what was on the way.
      if (ended && path.queued === 0) into.end();
    };
    from.setNoDelay(true);
    from.on("data", (chunk: Uint8Array) => {
      path.push(chunk);
      if (path.queued > queuedMax) from.pause();
    });
    into.on("drain", goOn);
    path.onDrain = goOn;
    from.on("end", () => {
      ended = true;
      goOn();
    });
    from.on("error", () => {
      if (this.#dead) from.destroy();
      else this.close();
    });
    from.on("close", () => {
      if (from.destroyed && into.destroyed) this.close();
    });
    return path;
  }

  /** Half-open: whoever ends its side is let go, the other one is not told. */
  #die(): void {
    this.#dead = true;
    this.#hearer.dead();
    for (const path of this.#paths) path.stop();
    for (const socket of this.#sockets) {
      socket.resume();
      socket.on("end", () => socket.destroy());
    }
  }
}
