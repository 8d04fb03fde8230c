import { actingAs, addBranch, changeBranch, listBranches, removeBranch } from "@energsys/store";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, wholeNumber } from "./options.ts";

interface Change extends Common {
  readonly reason: string;
  readonly name?: string;
  readonly under?: number;
  readonly top?: boolean;
}

const change = (command: Command): Command =>
  common(command).requiredOption("--reason <text>", "why; stands in the log");

const say = (json: boolean | undefined, result: object, lines: readonly string[]): void => {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : lines.map((line) => `${line}\n`).join(""));
};
const number = wholeNumber(1, 2_147_483_647);
const acting = (operation: string, reason: string) => ({ actor: "process:cli", operation, reason });

/** The branches of the network. */
export function addBranches(program: Command): void {
  const branches = program
    .command("branches")
    .description("branches, to which everything in the network belongs");

  common(branches.command("list").description("branches, with what hangs on each")).action(
    ({ data, json }: Common) =>
      withKeys(data, async (db) => {
        const rows = await listBranches(db);
        say(
          json,
          rows,
          rows.map((row) =>
            [
              String(row.branchId).padStart(6),
              `${"  ".repeat(row.path.length - 1)}${row.name}`.padEnd(40),
              `${row.points} points, ${row.locations} locations, ${row.concentrators} concentrators, ${row.groups} groups, ${row.people} people`,
            ].join("  "),
          ),
        );
      }),
  );

  change(
    branches
      .command("add <name>")
      .description("a new branch")
      .option("--under <number>", "the branch above it", number),
  ).action((name: string, { data, json, reason, under }: Change) =>
    withKeys(data, async (db) => {
      const branchId = await addBranch(actingAs(db, acting("branches add", reason)), {
        name,
        parentId: under ?? null,
      });
      say(json, { branchId }, [`branch ${branchId}`]);
    }),
  );

  change(
    branches
      .command("change <number>")
      .description("another name, or another branch above it, whose rights cover it from then on")
      .option("--name <name>", "its new name")
      .option("--under <number>", "the branch above it", number)
      .option("--top", "no branch above it"),
  ).action((text: string, { data, json, reason, name, under, top }: Change) =>
    withKeys(data, async (db) => {
      const branchId = number(text);
      const present = (await listBranches(db)).find((row) => row.branchId === branchId);
      if (!present) throw new CliError("branch.not-found", `there is no branch ${text}`);
      const changed = await changeBranch(actingAs(db, acting("branches change", reason)), branchId, {
        name: name ?? present.name,
        parentId: top ? null : (under ?? present.parentId),
      });
      say(json, { changed }, [changed ? "changed" : "it is so already"]);
    }),
  );

  change(
    branches.command("remove <number>").description("takes away a branch on which nothing hangs"),
  ).action((text: string, { data, json, reason }: Change) =>
    withKeys(data, async (db) => {
      const branchId = number(text);
      await removeBranch(actingAs(db, acting("branches remove", reason)), branchId);
      say(json, { branchId }, [`branch ${branchId} is gone`]);
    }),
  );
}
