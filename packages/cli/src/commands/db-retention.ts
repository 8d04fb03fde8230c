import {
  actingAs,
  listRetentionRules,
  listRetentionRuns,
  type RetentionClass,
  readRetentionEffect,
  retentionClasses,
  retentionFacts,
  setRetentionRule,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { withDatabase } from "./with-database.ts";

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly set?: { class: RetentionClass; months: number };
  readonly purpose?: string;
  readonly reason?: string;
}

/** As the page and the table itself bound it. */
const monthsMax = 1_200;
const runsShown = 20;

function settingOf(text: string): NonNullable<Options["set"]> {
  const [, name, months] = /^([a-z]+)=(\d{1,4})$/.exec(text) ?? [];
  const known = retentionClasses.find((each) => each === name);
  if (known === undefined || Number(months) < retentionFacts[known].monthsMin || Number(months) > monthsMax)
    throw new InvalidArgumentError(
      `CLASS=MONTHS, such as intervals=36; ${retentionClasses
        .map((each) => `${each} ${retentionFacts[each].monthsMin} to ${monthsMax}`)
        .join(", ")}`,
    );
  return { class: known, months: Number(months) };
}

function purposeOf(text: string): string {
  if (text.trim().length < 3 || text.length > 500) throw new InvalidArgumentError("3 to 500 characters");
  return text.trim();
}

const instant = (ms: number): string => new Date(ms).toISOString();

/** How long each class of data is kept and for what; a run is asked for on the page, by a person who sees what it takes. */
export function addRetention(db: Command): void {
  db.command("retention")
    .description("how long data are kept, what a run would take now and what runs took; or another time")
    .option("--set <class=months>", "intervals=36", settingOf)
    .option("--purpose <text>", "what the class is kept for; as before without it", purposeOf)
    .option("--reason <text>", "of --set: why; stands in the log")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action(async ({ data, json, set, purpose, reason }: Options) => {
      if (set && !reason?.trim()) throw new CliError("retention.no-reason", "--set needs --reason");
      await withDatabase(data, async (database) => {
        const nowMs = Date.now();
        if (set) {
          const before = (await listRetentionRules(database)).find((rule) => rule.class === set.class)!;
          const acting = actingAs(database, {
            actor: "process:cli",
            operation: "db retention",
            reason: reason!,
          });
          const given = { ...set, purpose: purpose ?? before.purpose, by: "command line", nowMs };
          await setRetentionRule(acting, given);
        }
        const rules = await listRetentionRules(database);
        const effects = await readRetentionEffect(database, nowMs);
        const runs = await listRetentionRuns(database, runsShown);
        const lines = json
          ? [JSON.stringify({ rules, effects, runs })]
          : [
              ...rules.map(
                (rule) =>
                  `${rule.class.padEnd(10)}${String(rule.months).padStart(4)} months  ${rule.purpose}  ${rule.setBy === null ? "as delivered" : `set by ${rule.setBy}`}`,
              ),
              ...effects.map(({ class: name, cutoff, months, rows, kept }) => {
                const whole = months.reduce((sum, part) => sum + part.rows, 0);
                const others = rows.reduce((sum, part) => sum + part.rows, 0);
                const stay = kept.length === 0 ? "" : `; ${kept.join(", ")} stay`;
                return `a run now would take of ${name} before ${cutoff}: ${months.length} tables of a month with ${whole} rows, ${others} rows beside them${stay}`;
              }),
              ...runs.map(
                ({ runAt, runBy, class: name, cutoff, monthsDropped, rowsRemoved }) =>
                  `${instant(runAt)}  ${runBy}  ${name} before ${cutoff}: ${monthsDropped.length} tables of a month, ${rowsRemoved} rows`,
              ),
            ];
        process.stdout.write(lines.map((line) => `${line}\n`).join(""));
      });
    });
}
