import type { Command } from "commander";
import { addAudit } from "./audit.ts";
import { addBackup } from "./backup.ts";
import { addBench } from "./bench.ts";
import { addCertificates } from "./certificates.ts";
import { addConcentrator } from "./concentrator.ts";
import { addDb } from "./db.ts";
import { addDecode } from "./decode.ts";
import { addDemo } from "./demo.ts";
import { addDoctor } from "./doctor.ts";
import { addImport } from "./import.ts";
import { addKeys } from "./keys.ts";
import { addNetworks } from "./networks.ts";
import { addProcesses } from "./processes.ts";
import { addRead } from "./read.ts";
import { addStart } from "./start.ts";
import { addUsers } from "./users.ts";
import { addVpn } from "./vpn.ts";

/** Every command of `energsys`, in the order of its help. */
export const commands: readonly ((program: Command) => void)[] = [
  addDemo,
  addStart,
  addProcesses,
  addConcentrator,
  addDecode,
  addRead,
  addImport,
  addDb,
  addBackup,
  addVpn,
  addCertificates,
  addNetworks,
  addKeys,
  addAudit,
  addUsers,
  addDoctor,
  addBench,
];
