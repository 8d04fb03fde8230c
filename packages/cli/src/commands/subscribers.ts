import { join } from "node:path";
import {
  actingAs,
  appendActs,
  erasuresFileName,
  everywhere,
  findSubscriber,
  findSubscriberByNumber,
  listErasures,
  type ReplayOutcome,
  readErasures,
  replayErasure,
  requestErasure,
  type SubscriberVersion,
} from "@energsys/store";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { dataFolder, logHeadsFolder } from "../supervisor/data-folder.ts";
import { withKeys } from "./keyed-database.ts";
import { type Common, instantOf, print } from "./options.ts";

const listedMax = 500;
const outcomeWords: Readonly<Record<ReplayOutcome, string>> = {
  erased: "erased again",
  "erased-already": "is erased",
  unknown: "is not in this database",
  "contract-runs": "has a contract that has not ended: not erased",
};

/** A subscriber, and their erasure, without a browser. It is confirmed on the page alone: a machine cannot tell whether two people are two. */
export function addSubscribers(program: Command): void {
  const subscribers = program
    .command("subscribers")
    .description("a subscriber's data, and the erasure of what names them");
  const common = (command: Command) =>
    command
      .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
      .option("--json", "the result as JSON");

  common(
    subscribers
      .command("show <number>")
      .description(
        "data and contracts of the subscriber with this customer number; that it was looked at stands in the log",
      )
      .option("--on <instant>", "as they were then", instantOf),
  ).action((number: string, { data, json, on }: Common & { readonly on?: number }) =>
    withKeys(data, async (db) => {
      const subscriberId = await findSubscriberByNumber(db, number);
      const found =
        subscriberId === undefined
          ? undefined
          : await findSubscriber(db, everywhere, subscriberId, { onMs: on });
      if (!found) throw new CliError("subscriber.not-found", "no subscriber has this number");
      const acting = actingAs(db, { actor: "process:cli", operation: "subscribers show", reason: "" });
      await appendActs(acting, [{ action: "view", objectType: "subscriber", objectId: found.subscriberId }]);
      if (json) return print([JSON.stringify(found)]);
      const iso = (ms: number | null) => (ms === null ? "" : new Date(ms).toISOString());
      const words = ({ number, name, kind, phone, email, address }: typeof found | SubscriberVersion) =>
        [number, name, kind, phone, email, address].filter((word) => word !== "").join("  ");
      print([
        `${words(found)}  since ${iso(found.from) || "it is known"}`,
        ...found.contracts.map((one) =>
          `contract ${one.number}  point ${one.pod}  ${iso(one.from)} - ${iso(one.to)}`.trimEnd(),
        ),
        ...found.versions.map(
          (one) => `until ${iso(one.to)}  ${words(one)}  changed by ${one.endedBy || "?"}`,
        ),
      ]);
    }),
  );

  common(
    subscribers
      .command("ask-erasure <number>")
      .description("asks to erase the subscriber with this customer number; somebody confirms it on the page")
      .requiredOption("--reason <text>", "why, naming nobody; stands in the log"),
  ).action((number: string, { data, json, reason }: Common & { readonly reason: string }) =>
    withKeys(data, async (db) => {
      const subscriberId = await findSubscriberByNumber(db, number);
      if (subscriberId === undefined)
        throw new CliError("subscriber.not-found", "no subscriber has this number");
      const acting = actingAs(db, { actor: "process:cli", operation: "subscribers ask-erasure", reason });
      const asked = { name: "command line", nowMs: Date.now(), reason };
      const erasureId = await requestErasure(acting, everywhere, subscriberId, asked);
      print([
        json
          ? JSON.stringify({ erasureId, subscriberId })
          : `erasure ${erasureId} waits for somebody who may approve subscribers`,
      ]);
    }),
  );

  common(
    subscribers
      .command("erasures")
      .description("erasures that were asked for and what became of them, the newest first")
      .option("--open", "only those that wait for somebody"),
  ).action(({ data, json, open = false }: Common & { readonly open?: boolean }) =>
    withKeys(data, async (db) => {
      const rows = await listErasures(db, everywhere, { openOnly: open, limit: listedMax });
      // Whose they are shows the page, to whoever has the right: a terminal and its files need not know.
      const told = rows.map(({ subscriber: _, ...row }) => row);
      if (json) return print([JSON.stringify(told)]);
      print(
        told.map((row) =>
          [
            String(row.erasureId).padStart(6),
            `subscriber ${row.subscriberId}`,
            row.state,
            `${row.requestedBy} ${new Date(row.requestedAtMs).toISOString()}: ${row.reason}`,
            row.decidedBy === null ? "" : `${row.decidedBy} ${new Date(row.decidedAtMs!).toISOString()}`,
          ].join("  "),
        ),
      );
    }),
  );

  common(
    subscribers
      .command("replay-erasures [file]")
      .description(
        `after a restore: does again what was erased since (${erasuresFileName} beside the heads of the log); exit code 1 when a contract stands in the way`,
      ),
  ).action((file: string | undefined, { data, json }: Common) =>
    withKeys(data, async (db) => {
      const from = file ?? join(logHeadsFolder(dataFolder(data)), erasuresFileName);
      const told: { subscriberId: number; outcome: ReplayOutcome }[] = [];
      for (const done of readErasures(from)) {
        const acting = actingAs(db, {
          actor: "process:cli",
          operation: "subscribers replay-erasures",
          reason: `${done.reason} (asked for by ${done.requestedBy}, confirmed by ${done.decidedBy} before the restore)`,
        });
        const outcome = await replayErasure(acting, done, Date.now());
        told.push({ subscriberId: done.subscriberId, outcome });
      }
      print(
        json
          ? [JSON.stringify(told)]
          : told.map(({ subscriberId, outcome }) => `subscriber ${subscriberId} ${outcomeWords[outcome]}`),
      );
      const waiting = told.filter(({ outcome }) => outcome === "contract-runs").length;
      if (waiting > 0)
        throw new CliError("erasures.contract-runs", `${waiting} not erased: a contract has not ended`);
    }),
  );
}
