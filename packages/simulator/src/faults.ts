import { readFileSync } from "node:fs";
import Type from "typebox";
import Value from "typebox/value";
import { SimulatorError } from "./errors.ts";
import { between, hash, uniform } from "./random.ts";

export const faultKinds = [
  "dead",
  "stops",
  "late",
  "garbage",
  "bad-check",
  "drops",
  "refuses",
  "slow",
  "identity",
  "replays",
  "counter-behind",
  "wrong-tag",
  "truncated-block",
] as const;
/**
 * What goes wrong with a device: accepts and never answers; stops or drops the connection halfway through an answer;
 * answers late; noise before and wrong bytes inside answers; wrong BCC or FCS; no port at all; bytes in crumbs; claims
 * to be another one. Of a DLMS meter: sends a ciphered answer again in the place of another; begins its own counter anew
 * with each association; a tag that does not agree; a block of a long answer that ends early.
 */
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** The first answer of a connection that goes wrong, from 1. */
  readonly from?: number;
  /** Then every so many answers again; 0 = only once. */
  readonly every?: number;
  /** For "late": how long an answer is held back. */
  readonly delayMs?: number;
  /** For "identity": serial number of the meter that it claims to be. */
  readonly as?: string;
}

/** Faults of single meters by serial number, and shares of all meters drawn by the seed. */
export interface FaultPlan {
  readonly meters?: Readonly<Record<string, Fault>>;
  readonly shares?: Partial<Readonly<Record<FaultKind, number>>>;
}

const faultSchema = Type.Object(
  {
    kind: Type.Union(faultKinds.map((kind) => Type.Literal(kind))),
    from: Type.Optional(Type.Integer({ minimum: 1 })),
    every: Type.Optional(Type.Integer({ minimum: 0 })),
    delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
    as: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
const planSchema = Type.Object(
  {
    meters: Type.Optional(Type.Record(Type.String(), faultSchema)),
    shares: Type.Optional(
      Type.Object(
        Object.fromEntries(
          faultKinds.map((kind) => [kind, Type.Optional(Type.Number({ minimum: 0, maximum: 1 }))]),
        ),
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** Reads a fault plan. @throws SimulatorError `simulator.faults-invalid` */
export function readFaultPlan(file: string): FaultPlan {
  let plan: unknown;
  try {
    plan = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new SimulatorError("simulator.faults-invalid", `${file}: ${(cause as Error).message}`, cause);
  }
  const wrong = [...Value.Errors(planSchema, plan)].map(
    (error) => `${error.instancePath || "/"} ${error.message}`,
  );
  if (wrong.length > 0) throw new SimulatorError("simulator.faults-invalid", `${file}: ${wrong.join("; ")}`);
  return plan as FaultPlan;
}

/** The fault of one meter, or none. */
export function faultOf(
  plan: FaultPlan | undefined,
  meter: { readonly serial: string; readonly key: number },
): Fault | undefined {
  const named = plan?.meters?.[meter.serial];
  if (named) return named;
  let left = uniform(meter.key, 0xfa17);
  for (const kind of faultKinds) {
    left -= plan?.shares?.[kind] ?? 0;
    if (left < 0) return { kind };
  }
  return undefined;
}

/** When faults strike unless told otherwise: late enough that an exchange has begun. */
const usual: Readonly<Record<FaultKind, { readonly from: number; readonly every: number }>> = {
  dead: { from: 1, every: 1 },
  stops: { from: 4, every: 1 },
  late: { from: 3, every: 1 },
  garbage: { from: 2, every: 3 },
  "bad-check": { from: 2, every: 3 },
  drops: { from: 4, every: 1 },
  refuses: { from: 1, every: 1 },
  slow: { from: 1, every: 1 },
  identity: { from: 1, every: 1 },
  replays: { from: 4, every: 0 },
  "counter-behind": { from: 1, every: 1 },
  "wrong-tag": { from: 4, every: 1 },
  "truncated-block": { from: 2, every: 0 },
};
const lateMs = 15_000;
const crumbLength = 7;

/** Counts the answers of one connection and says which of them go wrong. */
export function strikes(fault: Fault): () => boolean {
  const { from, every } = { ...usual[fault.kind], ...fault };
  let answers = 0;
  return () => {
    answers += 1;
    return answers >= from && (every === 0 ? answers === from : (answers - from) % every === 0);
  };
}

/** The end of a connection to which bytes go. */
export interface Outlet {
  write(bytes: Uint8Array): void;
  /** Cuts the connection at once. */
  destroy(): void;
}

/** The way out of one connection of a faulty meter. Without a fault use the outlet itself. */
export function spoil(outlet: Outlet, fault: Fault, key: number): Outlet {
  const strike = strikes(fault);
  let answers = 0;
  let silent = fault.kind === "dead";
  return {
    destroy: () => outlet.destroy(),
    write(bytes) {
      answers += 1;
      const struck = strike();
      if (silent) return;
      const half = bytes.subarray(0, bytes.length >> 1);
      switch (fault.kind) {
        case "stops":
          outlet.write(struck ? half : bytes);
          silent = struck;
          return;
        case "drops":
          outlet.write(struck ? half : bytes);
          if (struck) setTimeout(() => outlet.destroy(), 20);
          return;
        case "late":
          if (struck) setTimeout(() => outlet.write(bytes), fault.delayMs ?? lateMs);
          else outlet.write(bytes);
          return;
        case "garbage":
          outlet.write(Uint8Array.of(0x7f, 0x00, 0xff, 0x7f));
          outlet.write(struck ? disturbed(bytes, hash(key, answers)) : bytes);
          return;
        case "bad-check":
          outlet.write(struck ? wrongCheck(bytes) : bytes);
          return;
        case "slow":
          crumble(outlet, bytes);
          return;
        default:
          outlet.write(bytes);
      }
    },
  };
}

/** Two bytes in the middle changed, as by noise on the line. */
function disturbed(bytes: Uint8Array, key: number): Uint8Array {
  const copy = bytes.slice();
  for (const n of [1, 2]) {
    const at = Math.floor(between(copy.length * 0.3, copy.length * 0.8, key, n));
    copy[at] = (copy[at] as number) ^ 0x15;
  }
  return copy;
}

/** The check is the last byte of an IEC block, and stands before the closing flag of an HDLC frame. */
function wrongCheck(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const at = copy.length - (copy[0] === 0x7e ? 2 : 1);
  copy[at] = (copy[at] as number) ^ 0x01;
  return copy;
}

function crumble(outlet: Outlet, bytes: Uint8Array): void {
  outlet.write(bytes.subarray(0, crumbLength));
  if (bytes.length > crumbLength) setTimeout(() => crumble(outlet, bytes.subarray(crumbLength)), 5);
}
