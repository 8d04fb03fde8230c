import type { Command } from "commander";

type Add = (program: Command) => void;

const processes = async (): Promise<Add> => (await import("./processes.ts")).addProcesses;

/**
 * Every command of `energsys` by its name, in the order of its help. Each is loaded when it is called: a process that runs for
 * months on a small machine has room for its own code only.
 */
export const commands: Readonly<Record<string, () => Promise<Add>>> = {
  demo: async () => (await import("./demo.ts")).addDemo,
  start: async () => (await import("./start.ts")).addStart,
  headend: processes,
  dispatcher: processes,
  server: processes,
  simulate: processes,
  concentrator: async () => (await import("./concentrator.ts")).addConcentrator,
  decode: async () => (await import("./decode.ts")).addDecode,
  read: async () => (await import("./read.ts")).addRead,
  import: async () => (await import("./import.ts")).addImport,
  db: async () => (await import("./db.ts")).addDb,
  backup: async () => (await import("./backup.ts")).addBackup,
  vpn: async () => (await import("./vpn.ts")).addVpn,
  certificates: async () => (await import("./certificates.ts")).addCertificates,
  networks: async () => (await import("./networks.ts")).addNetworks,
  branches: async () => (await import("./branches.ts")).addBranches,
  locations: async () => (await import("./locations.ts")).addLocations,
  points: async () => (await import("./points.ts")).addPoints,
  plans: async () => (await import("./plans.ts")).addPlans,
  subscribers: async () => (await import("./subscribers.ts")).addSubscribers,
  groups: async () => (await import("./groups.ts")).addGroups,
  tariffs: async () => (await import("./tariffs.ts")).addTariffs,
  validation: async () => (await import("./validation.ts")).addValidation,
  billing: async () => (await import("./billing.ts")).addBilling,
  losses: async () => (await import("./losses.ts")).addLosses,
  "field-tasks": async () => (await import("./field-tasks.ts")).addFieldTasks,
  peaks: async () => (await import("./peaks.ts")).addPeaks,
  watch: async () => (await import("./watch.ts")).addWatch,
  meters: async () => (await import("./meters.ts")).addMeters,
  modems: async () => (await import("./modems.ts")).addModems,
  reports: async () => (await import("./reports.ts")).addReports,
  keys: async () => (await import("./keys.ts")).addKeys,
  audit: async () => (await import("./audit.ts")).addAudit,
  users: async () => (await import("./users.ts")).addUsers,
  doctor: async () => (await import("./doctor.ts")).addDoctor,
  bench: async () => (await import("./bench.ts")).addBench,
};
