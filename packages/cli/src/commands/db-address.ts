import { placeOf, type RoleTrial, tryAddress } from "@energsys/store";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { dataFolder, prepareDataFolder } from "../supervisor/data-folder.ts";
import { findOwnDatabase, undoAddress, writeAddress } from "../supervisor/own-database.ts";
import { findRolePasswords, rolePasswordFile } from "../supervisor/role-passwords.ts";

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly try?: boolean;
  readonly undo?: boolean;
}

export function addAddress(db: Command): void {
  db.command("address")
    .description(
      "where the database is; another address is tried as each role, then used from the next start on",
    )
    .argument(
      "[url]",
      "postgres://host:port/database?sslmode=verify-full; with owner:password@ it also migrates",
    )
    .option("--try", "only tries it")
    .option("--undo", "goes back to the address before")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action(async (url: string | undefined, options: Options) => {
      const folder = dataFolder(options.data);
      prepareDataFolder(folder);
      if (options.undo) undoAddress(folder);
      if (url !== undefined) await changeAddress(folder, url, options);
      say(folder, options);
    });
}

async function changeAddress(folder: string, url: string, options: Options): Promise<void> {
  if (!/^postgres(?:ql)?:\/\/./.test(url) || !URL.canParse(url))
    throw new CliError("database.url-invalid", "the address is not postgres://host:port/database");
  const { good, roles } = await tryAddress(url, findRolePasswords(rolePasswordFile(folder)));
  if (options.json) process.stdout.write(`${JSON.stringify({ good, roles })}\n`);
  else for (const trial of roles) process.stdout.write(`${lineOf(trial)}\n`);
  if (!good) {
    throw new CliError(
      "database.address-untried",
      "not every role came through, so nothing was changed; energsys db migrate and energsys db roles prepare a database",
    );
  }
  if (!options.try) writeAddress(folder, url);
}

function lineOf({ role, tls, steps }: RoleTrial): string {
  const failed = steps.find(({ outcome }) => outcome === "bad");
  const latency = steps.find(({ step }) => step === "latency")?.detail ?? "";
  const words = failed ? `${failed.step} failed: ${failed.detail}` : `good${tls ? ", TLS" : ""}, ${latency}`;
  return `${role.padEnd(16)}${words}`;
}

/** Never its password. */
function say(folder: string, { json }: Options): void {
  const own = findOwnDatabase(folder);
  const place = own && placeOf(own.url);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ embedded: own === undefined, perRole: own?.perRole, ...place })}\n`,
    );
    return;
  }
  const where = place ? `${place.host}:${place.port}/${place.database}` : "embedded, in the data folder";
  const from = own?.perRole === false ? ", named by DATABASE_URL" : "";
  process.stdout.write(`database at the next start: ${where}${from}\n`);
}
