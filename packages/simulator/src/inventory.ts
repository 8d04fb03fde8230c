import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SimulatorError } from "./errors.ts";

/** A network as a head-end takes it in: where each meter hangs, what it is, and how it is reached. */
export interface Inventory {
  readonly branches: readonly { readonly path: readonly string[] }[];
  readonly points: readonly InventoryPoint[];
  readonly plan?: { readonly name: string; readonly everySeconds: number; readonly backfillDays: number };
  /** Concentrators, known before they call. */
  readonly gateways?: readonly InventoryGateway[];
  /** Groups of points with their balance meters, and what rules of groups go by. */
  readonly groups?: {
    readonly groups: readonly InventoryGroup[];
    readonly classes: readonly {
      readonly pod: string;
      readonly category: "household" | "business" | "lighting" | "network";
      readonly voltage: "low" | "medium";
      /** By its contract, where the books have one. */
      readonly exportContract?: boolean;
      readonly expectedYearWh?: number;
    }[];
  };
}

export interface InventoryGroup {
  readonly key: string;
  readonly kind: "feeder" | "transformer";
  readonly name: string;
  readonly branch: readonly string[];
  readonly parent?: string;
  readonly members: readonly string[];
  readonly balance: readonly string[];
  /** Transformer and lines by their plates; decimals are exact. */
  readonly rating?: {
    readonly transformer: {
      readonly ratedVa: number;
      readonly noLoadLossW: string;
      readonly loadLossW: string;
    };
    readonly line: { readonly ohm: string; readonly volts: number };
    readonly cosPhi: string;
  };
  /** ISO 8601, on a quarter-hour. */
  readonly from: string;
}

export interface InventoryGateway {
  readonly identity: string;
  readonly name: string;
  readonly branch: readonly string[];
  /** Names that it gives to its meters: identities of the points' devices. */
  readonly meters: readonly string[];
}

/** A meter that was exchanged, as somebody entered it: it stood there until `removedAt`. */
export interface FormerMeter {
  readonly meter: InventoryPoint["meter"];
  readonly device: InventoryPoint["device"];
  readonly installedAt: string;
  readonly removedAt: string;
  /** Exact kWh: what it showed when it was taken down, and what the next one showed then. */
  readonly finalIndexKwh?: string;
  readonly nextIndexKwh?: string;
}

export interface InventoryPoint {
  readonly pod: string;
  readonly name: string;
  readonly address: string;
  readonly branch: readonly string[];
  readonly latitude?: number;
  readonly longitude?: number;
  readonly phases: 1 | 3;
  readonly direction?: "import" | "export" | "both";
  readonly approvedPowerW?: number;
  readonly meter: {
    readonly serial: string;
    readonly manufacturer: string;
    readonly model: string;
    readonly phases: 1 | 3;
    readonly maxCurrentA?: number;
    readonly indexDigits?: number;
  };
  /** ISO 8601 in UTC. */
  readonly installedAt: string;
  /** Meters that stood there before this one, oldest first. */
  readonly before?: readonly FormerMeter[];
  /** Decimal ratio of the current transformers, `20` for 100/5 A. */
  readonly ctRatio?: string;
  readonly vtRatio?: string;
  readonly primaryValues?: boolean;
  readonly device: {
    readonly identity: string;
    readonly model: string;
    readonly url: string;
    readonly direction: "dial" | "call-in";
    readonly password?: string;
    readonly hlsSecret?: string;
    /** Keys as hexadecimal digits. */
    readonly encryptionKey?: string;
    readonly authenticationKey?: string;
    /** Wraps the others when they are changed. */
    readonly masterKey?: string;
    /** Mechanism 7: the client's private key and the meter's public one. */
    readonly signingKey?: string;
    readonly meterPublicKey?: string;
  };
}

/**
 * Writes the inventory in one step: whoever sees the file sees all of it. Only the owner may read it, since it holds
 * the meters' passwords.
 * @throws SimulatorError `simulator.inventory-unwritable`
 */
export function writeInventory(file: string, inventory: Inventory): void {
  const partial = join(dirname(file), `.${randomBytes(6).toString("hex")}.inventory`);
  try {
    writeFileSync(partial, `${JSON.stringify(inventory, undefined, 1)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(partial, file);
  } catch (cause) {
    rmSync(partial, { force: true });
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new SimulatorError("simulator.inventory-unwritable", `cannot write ${file}: ${reason}`, cause);
  }
}
