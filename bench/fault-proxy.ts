import { connect, createServer, type Socket } from "node:net";
import { type LinkProfile, lineClock, linkProfiles, startFaultProxy } from "@energsys/simulator";
import { atLeast, type Bench, type BenchContext, type Metric, median } from "./bench.ts";

const megabytes = 200;
const runs = 3;

export const bench: Bench = {
  name: "fault-proxy",
  about: `${megabytes} MB through the fault proxy, sender and taker in this process too`,
  run: measure,
};

async function measure({ log }: BenchContext): Promise<{ metrics: Metric[] }> {
  const direct = await rate(undefined);
  log(`without a proxy ${direct.toFixed(0)} MB/s`);
  const clean = await rate(linkProfiles.clean);
  const noisy = await rate(linkProfiles.noisy);
  return {
    metrics: [
      { name: "one connection without a proxy", value: direct, unit: "MB/s" },
      { name: "through the proxy, clean", value: clean, unit: "MB/s" },
      atLeast("through the proxy, one byte in 10,000 with a bit turned over", noisy, "MB/s", 56),
    ],
  };
}

/** Megabytes a second over one connection; the middle of some runs. */
async function rate(profile: LinkProfile | undefined): Promise<number> {
  let takes: (bytes: number) => void = () => undefined;
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("data", (bytes) => takes(bytes.length));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const to = { host: "127.0.0.1", port: (server.address() as { port: number }).port };
  const proxy = profile && (await startFaultProxy({ to, profile, clock: lineClock(Date.now) }));
  try {
    const rates: number[] = [];
    for (let run = 0; run < runs; run++) {
      const line = connect({ host: to.host, port: proxy?.port ?? to.port });
      const total = megabytes * 1_000_000;
      const start = performance.now();
      await new Promise<void>((resolve, reject) => {
        let left = total;
        takes = (bytes) => {
          left -= bytes;
          if (left <= 0) resolve();
        };
        line.once("error", reject);
        feed(line, total);
      });
      rates.push(megabytes / ((performance.now() - start) / 1000));
      line.destroy();
    }
    return median(rates);
  } finally {
    await proxy?.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

function feed(line: Socket, total: number): void {
  const chunk = new Uint8Array(64 * 1024);
  let left = total;
  const write = () => {
    while (left > 0) {
      const bytes = left >= chunk.length ? chunk : chunk.subarray(0, left);
      left -= bytes.length;
      if (!line.write(bytes)) {
        line.once("drain", write);
        return;
      }
    }
  };
  write();
}
