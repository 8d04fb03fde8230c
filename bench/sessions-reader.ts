// Runs as a process of its own: opens one association per address, reads the energy, and keeps all of them open.
import { once } from "node:events";
import { connect } from "node:net";
import type { ByteStream, Clock } from "@energsys/protocols";
import { type Authentication, DlmsClient } from "@energsys/protocols/dlms";
import { WrapperLink } from "@energsys/protocols/wrapper";
import { heapUsed } from "./heap.ts";

const atOnce = 64;
const clock: Clock = {
  now: Date.now,
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** One meter: a password where it wants one. */
export interface Called {
  readonly port: number;
  readonly client: number;
  readonly password?: string;
}

const [{ called }] = (await once(process, "message")) as [{ called: readonly Called[] }];
const open: DlmsClient[] = [];
await openAll(called.slice(0, atOnce));
const before = heapUsed();
await openAll(called.slice(atOnce));
const perSession = (heapUsed() - before) / (called.length - atOnce);
process.send?.({ answered: open.length, perSession });
await once(process, "message");
process.exit(0);

async function openAll(some: readonly Called[]): Promise<void> {
  const waiting = [...some];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let meter = waiting.pop(); meter; meter = waiting.pop()) open.push(await session(meter));
    }),
  );
}

async function session({ port, client, password }: Called): Promise<DlmsClient> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const stream: ByteStream = {
    write: (bytes) => socket.write(bytes),
    close: () => socket.destroy(),
    onBytes: (listener) => socket.on("data", listener),
    onEnd: (listener) => socket.on("close", () => listener()),
  };
  const link = new WrapperLink(stream, clock, { client, server: 1, responseTimeoutMs: 60_000 });
  const authentication: Authentication =
    password === undefined ? { kind: "none" } : { kind: "low", password };
  const association = await DlmsClient.associate(link, { authentication });
  const energy = await association.get({ classId: 3, obis: "1-0:1.8.0*255", attribute: 2 });
  if (!energy.ok) throw new Error(`the meter on port ${port} gives no energy: ${energy.dataAccessResult}`);
  return association;
}
