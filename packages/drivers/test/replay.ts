import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";

/** One direction of a recorded exchange. */
export interface Step {
  readonly dir: "to-meter" | "from-meter";
  readonly hex: string;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const shared = process.env.ENERGSYS_SHARED ?? `${root}../shared`;

/** Recorded sessions of real meters and foreign programs; absent in a clone alone. */
export const capturedSession = (name: string): string => `${shared}/captures/sessions/${name}.json`;
export const ownSession = (name: string): string =>
  fileURLToPath(new URL(`fixtures/${name}.json`, import.meta.url));

export function readSession(file: string): Step[] {
  const { steps } = JSON.parse(readFileSync(file, "utf8")) as { steps: Step[] };
  return steps.filter((step) => step.dir === "to-meter" || step.dir === "from-meter");
}

export const isThere = (file: string): boolean => existsSync(file);

export interface Peer {
  readonly port: number;
  /** What it heard and did not expect, in words. */
  readonly complaints: string[];
  readonly connections: () => number;
  stop(): Promise<void>;
}

/** A peer that does with each connection what `serve` does. */
export async function startPeer(serve: (socket: Socket, complaints: string[]) => void): Promise<Peer> {
  const sockets = new Set<Socket>();
  const complaints: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    serve(socket, complaints);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    complaints,
    connections: () => connections,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** `SOH B0 ETX BCC`: the end of a session (IEC 62056-21, 6.4.3). */
const breakOff = "0142300371";

/** Answers as it was recorded: each request must be the recorded bytes, each answer goes out byte by byte. */
export function replay(steps: readonly Step[]): (socket: Socket, complaints: string[]) => void {
  return (socket, complaints) => {
    socket.setNoDelay(true);
    let at = 0;
    let received = "";
    socket.on("data", (chunk) => {
      received += (chunk as Buffer).toString("hex");
      for (;;) {
        const step = steps[at];
        if (step?.dir !== "to-meter") return;
        // A recorded B0 asks for no answer: a reader that knows nothing of a session to end does not send it.
        if (step.hex === breakOff && received !== "" && !received.startsWith("01")) {
          at++;
          continue;
        }
        if (received.length < step.hex.length) return;
        const heard = received.slice(0, step.hex.length);
        if (heard !== step.hex) complaints.push(`step ${at}: expected ${step.hex}, heard ${heard}`);
        received = received.slice(step.hex.length);
        at++;
        while (steps[at]?.dir === "from-meter") sendBytewise(socket, Buffer.from(steps[at++]!.hex, "hex"));
      }
    });
  };
}

/** One byte per segment, as a modem's slow line would bring them. */
export function sendBytewise(socket: Socket, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) socket.write(bytes.subarray(at, at + 1));
}

/** Splits a recording of wrapper frames or of HDLC frames into requests and the APDUs that answered them. */
export function recordedAnswers(steps: readonly Step[], framing: "wrapper" | "hdlc"): Map<string, Buffer> {
  const answers = new Map<string, Buffer>();
  let request = "";
  let part = Buffer.alloc(0);
  for (const step of steps) {
    const bytes = Buffer.from(step.hex, "hex");
    const piece = framing === "wrapper" ? { apdu: bytes.subarray(8), more: false } : hdlcPiece(bytes);
    if (!piece) continue;
    part = Buffer.concat([part, piece.apdu]);
    if (piece.more) continue;
    const apdu = framing === "hdlc" ? part.subarray(3) : part;
    part = Buffer.alloc(0);
    if (step.dir === "to-meter") request = requestKey(apdu, request);
    else if (!answers.has(request)) answers.set(request, apdu);
  }
  return answers;
}

/**
 * A request without its invoke id, and an association request whatever it proposes. The request for a next block belongs to
 * the one that began (`before`).
 */
export function requestKey(apdu: Uint8Array, before: string): string {
  const hex = Buffer.from(apdu).toString("hex");
  if (apdu[0] === 0xc0 && apdu[1] === 0x02) return `${before.split("/")[0]}/${hex.slice(6)}`;
  return apdu[0] === 0x60 || apdu[0] === 0x62 ? hex.slice(0, 2) : hex.slice(0, 4) + hex.slice(6);
}

/** The information of an I-frame with addresses of one byte; nothing for other frames. */
function hdlcPiece(frame: Buffer): { apdu: Buffer; more: boolean } | undefined {
  const control = frame[5]!;
  if (frame.length < 12 || (control & 1) === 1) return undefined;
  return { apdu: frame.subarray(8, -3), more: (frame[1]! & 0x08) !== 0 };
}
