import {
  actingAs,
  changePeakRule,
  type Database,
  everywhere,
  listPeakRules,
  type PeakRule,
  pointNames,
  powerText,
  removePeakRule,
  sql,
  tryPeakRule,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";
import { print } from "./options.ts";

interface Options {
  readonly data?: string;
  readonly json?: boolean;
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError("the number of a rule, as `list` shows it");
  return Number(text);
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > 92) throw new InvalidArgumentError("1 to 92");
  return days;
}

async function zoneOf(db: Database): Promise<string> {
  const { rows } = await db.query<{ zone: string | null }>(sql`select market_zone() as zone`);
  return rows[0]?.zone ?? "Europe/Bucharest";
}

async function ruleOf(db: Database, text: string): Promise<PeakRule> {
  const [rule] = await listPeakRules(db, everywhere, { nowMs: Date.now(), ruleIds: [numberOf(text)] });
  if (!rule) throw new CliError("peak-rule.not-found", `no peak rule ${text}`);
  return rule;
}

const subjectOf = (
  { watched, groupName }: PeakRule,
  names: Awaited<ReturnType<typeof pointNames>>,
): string =>
  watched.kind === "point"
    ? (names.get(watched.pointId)?.pod ?? `point ${watched.pointId}`)
    : watched.kind === "group"
      ? `${groupName}${watched.side === "balance" ? " (balance meters)" : ""}`
      : "each point with an approved power";

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

function whenWords({ dayKind, hours }: PeakRule): string {
  const days = dayKind === "workdays" ? " on workdays" : dayKind === "restdays" ? " on rest days" : "";
  return hours ? `${days} from ${clock(hours.fromMinute)} to ${clock(hours.toMinute)}` : days;
}

function thresholdWords({ threshold, quarters }: PeakRule): string {
  const above =
    threshold.basis === "power"
      ? `${threshold.powerKw} kW`
      : threshold.basis === "approved"
        ? `${threshold.percent} % of the approved power`
        : `${threshold.percent} % of the greatest demand of ${threshold.formerDays} days before`;
  return quarters === 1 ? `above ${above}` : `above ${above} for ${quarters} quarter-hours`;
}

/** Rules of peaks: what they watch, what they would have raised, on and off. They are made on the page or by the API. */
export function addPeaks(program: Command): void {
  const peaks = program.command("peaks").description("rules that watch the demand of points and groups");
  const common = (command: Command): Command =>
    command
      .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
      .option("--json", "the result as JSON");

  common(peaks.command("list").description("the rules, and how many peaks of 30 days each raised")).action(
    ({ data, json }: Options) =>
      withKeys(data, async (db) => {
        const rules = await listPeakRules(db, everywhere, { nowMs: Date.now() });
        if (json) return print([JSON.stringify({ rules })]);
        const names = await pointNames(
          db,
          rules.flatMap(({ watched }) => (watched.kind === "point" ? [watched.pointId] : [])),
        );
        print([
          ...rules.map((rule) =>
            [
              String(rule.ruleId).padStart(6),
              (rule.enabled ? "on" : "off").padEnd(3),
              rule.severity.padEnd(8),
              rule.name.padEnd(24),
              `${subjectOf(rule, names)}, ${rule.energy} ${thresholdWords(rule)}${whenWords(rule)}`,
              `${rule.raised} raised`,
            ].join("  "),
          ),
          `${rules.length} rules`,
        ]);
      }),
  );

  common(
    peaks
      .command("try <rule>")
      .description("what a rule would have raised in the last days; nothing is written")
      .option("--days <count>", "days back, today among them", daysOf, 30),
  ).action((text: string, { data, json, days }: Options & { readonly days: number }) =>
    withKeys(data, async (db) => {
      const rule = await ruleOf(db, text);
      const [zone, nowMs] = [await zoneOf(db), Date.now()];
      const toDay = Temporal.Now.plainDateISO(zone).add({ days: 1 });
      const fromDay = toDay.subtract({ days }).toString();
      const period = { fromDay, toDay: toDay.toString(), zone, nowMs };
      const { peaks: found, isWhole } = await tryPeakRule(db, everywhere, rule, period);
      const names = await pointNames(
        db,
        found.flatMap(({ pointId }) => (pointId === null ? [] : [pointId])),
      );
      const rows = found.map(({ pointId, day, startMs, demand, threshold, quarters, expected, present }) => ({
        name: pointId === null ? rule.groupName : (names.get(pointId)?.pod ?? null),
        ...{ pointId, day, at: new Date(startMs).toISOString(), demandKw: powerText(demand) },
        ...{ thresholdKw: powerText(threshold), quarters, expected, present },
      }));
      if (json)
        return print([JSON.stringify({ from: fromDay, to: period.toDay, whole: isWhole, peaks: rows })]);
      print([
        ...rows.map(
          ({ day, at, name, demandKw, thresholdKw, present, expected }) =>
            `${day}  ${at}  ${(name ?? "-").padEnd(20)}  ${demandKw.padStart(10)} kW above ${thresholdKw} kW  ${present} of ${expected} values`,
        ),
        `${rows.length} alarms of ${days} days${isWhole ? "" : ", and perhaps more of the days before"}`,
      ]);
    }),
  );

  for (const [name, enabled] of [
    ["enable", true],
    ["disable", false],
  ] as const) {
    common(
      peaks
        .command(`${name} <rule>`)
        .description(enabled ? "the rule watches from today on" : "the rule watches no more, and stays"),
    ).action((text: string, { data, json }: Options) =>
      withKeys(data, async (db) => {
        const rule = await ruleOf(db, text);
        const today = Temporal.Now.plainDateISO(await zoneOf(db)).toString();
        const acting = actingAs(db, { actor: "process:cli", operation: `peaks ${name}` });
        await changePeakRule(acting, everywhere, rule.ruleId, {
          ...rule,
          enabled,
          seenMs: rule.changedAt,
          by: "command line",
          today,
        });
        print([
          json ? JSON.stringify({ ruleId: rule.ruleId, enabled }) : `${rule.name}: ${enabled ? "on" : "off"}`,
        ]);
      }),
    );
  }

  common(
    peaks.command("remove <rule>").description("the rule is taken away; its alarms stay in the history"),
  ).action((text: string, { data, json }: Options) =>
    withKeys(data, async (db) => {
      const { ruleId, name } = await ruleOf(db, text);
      const acting = actingAs(db, { actor: "process:cli", operation: "peaks remove" });
      await removePeakRule(acting, everywhere, ruleId, { by: "command line" });
      print([json ? JSON.stringify({ ruleId, removed: true }) : `${name}: removed`]);
    }),
  );
}
