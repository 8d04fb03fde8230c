import {
  isPoolProgram,
  type PoolProgram,
  poolsOfPrograms,
  readPools,
  type StoreError,
  storePool,
  undoPool,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { withDatabase } from "./with-database.ts";

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly set?: { program: PoolProgram; connectionsMax: number; statementTimeoutMs: number };
  readonly undo?: PoolProgram;
}

function programOf(name: string): PoolProgram {
  if (isPoolProgram(name)) return name;
  throw new InvalidArgumentError(`one of ${Object.keys(poolsOfPrograms).join(", ")}`);
}

function settingOf(text: string): NonNullable<Options["set"]> {
  const [, name = "", connections, seconds] = /^([a-z-]+)=(\d+),(\d+)s$/.exec(text) ?? [];
  if (connections === undefined)
    throw new InvalidArgumentError("PROGRAM=CONNECTIONS,SECONDSs, such as energsys-server=12,30s");
  return {
    program: programOf(name),
    connectionsMax: Number(connections),
    statementTimeoutMs: Number(seconds) * 1000,
  };
}

/** For the hour in which a program that was given too few connections cannot show its page. */
export function addPools(db: Command): void {
  db.command("pools")
    .description(
      "connections and time-outs of the programs; shows them, sets one, or takes its last change back",
    )
    .option("--set <program=connections,seconds>", "energsys-server=12,30s", settingOf)
    .option("--undo <program>", "takes the last change of that program back", programOf)
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action(async ({ data, json, set, undo }: Options) => {
      await withDatabase(data, async (database) => {
        try {
          if (set) await storePool(database, set.program, set, "energsys db pools");
          if (undo) await undoPool(database, undo, "energsys db pools");
        } catch (error) {
          throw new CliError((error as StoreError).code, (error as Error).message, error);
        }
        const overview = await readPools(database);
        if (json) {
          process.stdout.write(`${JSON.stringify(overview)}\n`);
          return;
        }
        for (const { program, connectionsMax, statementTimeoutMs, isSet } of overview.pools) {
          const values = `${String(connectionsMax).padStart(4)} connections ${String(statementTimeoutMs / 1000).padStart(6)} s`;
          process.stdout.write(`${program.padEnd(30)}${values}${isSet ? "" : "  as delivered"}\n`);
        }
        process.stdout.write(
          `${overview.connectionsPlanned} of ${overview.connectionsFree} connections are planned\n`,
        );
      });
    });
}
