import {
  isNetworkEntry,
  type NetworkPurpose,
  networkEntryMax,
  readNetworks,
  writeNetworks,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { withDatabase } from "./with-database.ts";

const purposes: readonly NetworkPurpose[] = ["devices", "directories", "providers", "mail"];

function entries(text: string): string[] {
  const list = text.split(",").map((entry) => entry.trim());
  const wrong = list.find((entry) => !isNetworkEntry(entry));
  if (wrong !== undefined)
    throw new InvalidArgumentError(`${wrong} is neither a network such as 10.0.0.0/8, nor private or public`);
  if (list.length > networkEntryMax) throw new InvalidArgumentError(`${networkEntryMax} at most`);
  return list;
}

interface Options extends Partial<Record<NetworkPurpose, string[]>> {
  readonly data?: string;
  readonly json?: boolean;
}

export function addNetworks(program: Command): void {
  program
    .command("networks")
    .description(
      "where devices, directories, providers and the mail server may be called; shows it, or sets what is given",
    )
    .option("--devices <list>", "private,203.0.113.0/24: where devices may be dialled", entries)
    .option("--directories <list>", "where servers of directories may be", entries)
    .option("--providers <list>", "where OpenID providers may be", entries)
    .option("--mail <list>", "where the mail server may be", entries)
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action(async ({ data, json, ...given }: Options) => {
      await withDatabase(data, async (db) => {
        if (purposes.some((purpose) => given[purpose]))
          await writeNetworks(db, { ...(await readNetworks(db)), ...given });
        const now = await readNetworks(db);
        const lines = purposes.map((purpose) => `${purpose.padEnd(12)} ${now[purpose].join(", ")}`);
        process.stdout.write(json ? `${JSON.stringify(now)}\n` : `${lines.join("\n")}\n`);
      });
    });
}
