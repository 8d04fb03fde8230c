import { formatScaled, pointClasses, type RuleSetting, ruleCodes } from "@energsys/metering";
import {
  acceptFinding,
  actingAs,
  type Database,
  dryRunValidation,
  everywhere,
  type FindingFilter,
  findingStates,
  listFindings,
  StoreError,
  sql,
} from "@energsys/store";
import { type Command, InvalidArgumentError, Option } from "commander";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, dayOf, print } from "./options.ts";

function wholeOf(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("a whole number above zero");
  return value;
}

/** `V10:household:excessPercent=120,floorW=500`, `V14:industry:off` */
function settingOf(text: string, before: readonly RuleSetting[] = []): RuleSetting[] {
  const [code, of, rest = ""] = text.split(":");
  const rule = ruleCodes.find((one) => one === code);
  const pointClass = pointClasses.find((one) => one === of);
  if (!rule || !pointClass) throw new InvalidArgumentError("RULE:CLASS:name=value,… or RULE:CLASS:off");
  if (rest === "on" || rest === "off")
    return [...before, { rule, class: pointClass, enabled: rest === "on" }];
  const thresholds = Object.fromEntries(
    rest.split(",").map((part) => {
      const [name = "", value = ""] = part.split("=");
      if (!/^\d+$/.test(value)) throw new InvalidArgumentError(`${part}: name=whole number`);
      return [name, Number(value)];
    }),
  );
  return [...before, { rule, class: pointClass, enabled: true, thresholds }];
}

const today = (zone: string): string => Temporal.Now.plainDateISO(zone).toString();
const plus = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString();

async function zoneOf(db: Database): Promise<string> {
  const { rows } = await db.query<{ zone: string | null }>(sql`select market_zone() as zone`);
  return rows[0]?.zone ?? process.env.ENERGSYS_ZONE ?? "Europe/Bucharest";
}

interface ListOptions extends Common {
  readonly rule?: string;
  readonly state: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

/** The work of validation without a browser: findings, acceptance, rules on trial. */
export function addValidation(program: Command): void {
  const validation = program.command("validation").description("findings of validation, and rules on trial");

  common(
    validation
      .command("list")
      .description("findings, the worst first")
      .addOption(new Option("--rule <code>", "only of this rule").choices(ruleCodes))
      .addOption(
        new Option("--state <state>", "due: nobody has decided, and it is no note")
          .choices(["due", ...findingStates])
          .default("due"),
      )
      .option("--from <day>", "first day; 60 days back without it", dayOf)
      .option("--to <day>", "day after the last; tomorrow without it", dayOf)
      .option("--limit <count>", "at most so many", wholeOf, 200),
  ).action(({ data, json, rule, state, from, to, limit }: ListOptions) =>
    withKeys(data, async (db) => {
      const day = today(await zoneOf(db));
      const states = state === "due" ? (["open", "estimated"] as const) : [state as "open"];
      const filter: FindingFilter = {
        states,
        fromDay: from ?? plus(day, -60),
        toDay: to ?? plus(day, 1),
        limit,
        ...(rule === undefined ? {} : { rules: [rule] }),
        ...(rule === undefined && state === "due" ? { severities: ["F", "W"] as const } : {}),
      };
      const { total, rows } = await listFindings(db, everywhere, filter);
      if (json) {
        const told = rows.map(({ slots: _, ...row }) => row);
        return print([JSON.stringify({ total, findings: told })]);
      }
      print([
        ...rows.map(({ findingId, severity, rule: code, words, day: of, pod, count, state: now, ...row }) =>
          [
            String(findingId).padStart(8),
            severity,
            code,
            of,
            pod,
            words,
            count === 0 ? "the day" : `${count} intervals`,
            now,
            ...(row.method === null || row.estimate === null
              ? []
              : [row.method, `${formatScaled(row.estimate, row.scale)} ${row.unit}`]),
          ].join("  "),
        ),
        `${rows.length} of ${total} findings`,
      ]);
    }),
  );

  common(
    validation
      .command("accept")
      .description("accept findings by their numbers; exit code 1 when one could not be accepted")
      .argument("<finding...>", "numbers as listed", (text, before: number[] = []) => [
        ...before,
        wholeOf(text),
      ])
      .option("--measured", "what was measured stands; without it the estimate does")
      .option("--note <text>", "why"),
  ).action((findingIds: number[], options: Common & { measured?: boolean; note?: string }) =>
    withKeys(options.data, async (plain) => {
      const by = `cli:${process.env.USER ?? "unknown"}`;
      const db = actingAs(plain, { actor: by, operation: "validation accept" });
      const zone = await zoneOf(db);
      const outcome: { findingId: number; accepted: boolean; code: string | null }[] = [];
      for (const findingId of findingIds) {
        try {
          const stands = options.measured ? "measured" : "estimate";
          const acceptance = { findingId, stands, note: options.note ?? "", by } as const;
          await acceptFinding(db, everywhere, acceptance, { zone, nowMs: Date.now() });
          outcome.push({ findingId, accepted: true, code: null });
        } catch (error) {
          if (!(error instanceof StoreError) || !error.code.startsWith("finding.")) throw error;
          outcome.push({ findingId, accepted: false, code: error.code });
        }
      }
      if (options.json) print([JSON.stringify({ findings: outcome })]);
      else print(outcome.map(({ findingId, code }) => `${findingId}  ${code ?? "accepted"}`));
      if (outcome.some(({ accepted }) => !accepted)) process.exitCode = 1;
    }),
  );

  common(
    validation
      .command("dry-run")
      .description("how often rules would speak with other settings; keeps nothing")
      .argument("<setting...>", "V10:household:excessPercent=120,floorW=500 or V14:industry:off", settingOf)
      .option("--from <day>", "first day; 30 days back without it", dayOf)
      .option("--to <day>", "day after the last; today without it", dayOf)
      .option("--points <count>", "points at most", wholeOf, 1000),
  ).action((settings: RuleSetting[], options: Common & { from?: string; to?: string; points: number }) =>
    withKeys(options.data, async (db) => {
      const zone = await zoneOf(db);
      const day = today(zone);
      const period = { fromDay: options.from ?? plus(day, -30), toDay: options.to ?? day };
      const outcome = await dryRunValidation(
        db,
        everywhere,
        { settings, ...period, pointsMax: options.points },
        { zone, nowMs: Date.now() },
      );
      if (options.json) return print([JSON.stringify({ ...period, ...outcome })]);
      print([
        ...outcome.counts.map(
          ({ rule, severity, asSet, asTried }) => `${rule} ${severity}  ${asSet} as set, ${asTried} as tried`,
        ),
        `${outcome.days} days of ${outcome.points} points; rules took ${outcome.rulesMs.asSet} ms as set, ${outcome.rulesMs.asTried} ms as tried`,
      ]);
    }),
  );
}
