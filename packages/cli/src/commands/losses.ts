import { figuresAnswer, reportAnswer, suspectedOf } from "@energsys/server/losses";
import {
  type Database,
  everywhere,
  findGroup,
  type Period,
  pointNames,
  queryContext,
  readLosses,
  readSuspects,
  sql,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";
import { dayOf, print } from "./options.ts";

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly from: string;
  readonly to: string;
}

/** As on the page. */
const daysMax = 400;

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError("the number of a group, as `list` shows it");
  return Number(text);
}

async function periodOf(db: Database, { from, to }: Options): Promise<Period> {
  const days = Temporal.PlainDate.from(from).until(to).days;
  if (days < 1 || days > daysMax)
    throw new CliError("input.invalid", `--to lies 1 to ${daysMax} days after --from`);
  const { rows } = await db.query<{ zone: string | null }>(sql`select market_zone() as zone`);
  return { fromDay: from, toDay: to, zone: rows[0]?.zone ?? "Europe/Bucharest", nowMs: Date.now() };
}

type Figures = ReturnType<typeof figuresAnswer>;

const kwh = (wh: number | null): string => (wh === null ? "-" : (wh / 1000).toFixed(1)).padStart(12);
const percent = (value: number | null): string => (value === null ? "-" : value.toFixed(2)).padStart(7);

/** In, lost, of it unexplained with its uncertainty, coverage: a loss is never shown without the last two. */
const cells = (figures: Figures | null): string => {
  if (!figures) return "no balance meter, or nothing known of it";
  const { input, loss, percent: lost, unexplainedWh, uncertaintyWh, significant, completeness } = figures;
  const energy = (text: string | null) => kwh(text === null ? null : Number(text));
  return [
    `${energy(input)} kWh in`,
    `${energy(loss)} lost`,
    `${percent(lost)} %`,
    `${kwh(unexplainedWh)} unexplained ± ${(uncertaintyWh / 1000).toFixed(1)}${significant ? "" : " (not significant)"}`,
    `coverage ${(100 * completeness).toFixed(1)} %${figures.reportable ? "" : " (too little)"}`,
  ].join("  ");
};

/** What is lost where, and who explains it. */
export function addLosses(program: Command): void {
  const losses = program
    .command("losses")
    .description("what is lost between balance meters and their members");
  const period = (command: Command): Command =>
    command
      .requiredOption("--from <day>", "first day, such as 2026-10-01", dayOf)
      .requiredOption("--to <day>", "day behind the last one, such as 2026-11-01", dayOf)
      .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
      .option("--json", "the result as JSON");

  period(
    losses.command("list").description("the tree of groups with loss, uncertainty and coverage of each"),
  ).action((options: Options) =>
    withKeys(options.data, async (db) => {
      const report = await readLosses(queryContext(db), everywhere, await periodOf(db, options));
      const { from, to } = options;
      const answer = reportAnswer(report, undefined);
      if (options.json) return print([JSON.stringify({ from, to, ...answer })]);
      print([
        ...answer.rows.map(
          ({ groupId, depth, name, own }) =>
            `${String(groupId).padStart(6)}  ${`${"  ".repeat(depth)}${name}`.padEnd(30)}  ${cells(own)}`,
        ),
        `${"".padStart(6)}  ${"all".padEnd(30)}  ${cells(answer.total)}`,
      ]);
    }),
  );

  period(
    losses.command("show <group>").description("one group by day, and who explains its loss, with reasons"),
  ).action((group: string, options: Options) =>
    withKeys(options.data, async (db) => {
      const groupId = numberOf(group);
      const [context, asked] = [queryContext(db), await periodOf(db, options)];
      const found = await findGroup(db, everywhere, groupId, asked.nowMs);
      const report = await readLosses(context, everywhere, asked, [groupId]);
      const [own] = report.groups;
      if (!found || !own) throw new CliError("group.not-found", `no group ${groupId} of the network's tree`);
      const { scale } = report;
      const told = await readSuspects(context, everywhere, found, asked);
      const names = await pointNames(
        db,
        (told?.ranking.suspects ?? []).flatMap(({ id, other }) => (other === undefined ? [id] : [id, other])),
      );
      const podOf = (pointId: number | undefined) => names.get(pointId ?? 0)?.pod ?? null;
      const suspects = (told?.ranking.suspects ?? []).map((suspect) => ({
        pod: podOf(suspect.id),
        member: told!.memberIds.has(suspect.id),
        other: podOf(suspect.other),
        ...suspectedOf(suspect, told!.days),
      }));
      const total = own.total && figuresAnswer(own.total, scale);
      const days = own.days.map(({ day, figures }) => ({ day, ...figuresAnswer(figures, scale) }));
      if (options.json) {
        const { name, kind } = own.group;
        const { from, to } = options;
        const unexplainedPart = told?.ranking.unexplainedPart ?? null;
        return print([
          JSON.stringify({ groupId, name, kind, from, to, total, days, unexplainedPart, suspects }),
        ]);
      }
      print([
        `${own.group.name}  ${cells(total)}`,
        ...days.map((day) => `  ${day.day}  ${cells(day)}`),
        suspects.length === 0 ? "nobody explains its loss" : "suspects, the likeliest first:",
        ...suspects.map(
          ({ pod, member, other, score, explainedWh, modes, reasons, from, to }) =>
            `  ${String(Math.round(score)).padStart(3)}  ${pod}${member ? "" : " (in no group)"}${other === null ? "" : ` with ${other}`}  ${kwh(explainedWh).trim()} kWh  ${modes
              .map(({ mode, likelihood }) => `${mode} ${Math.round(100 * likelihood)} %`)
              .join(", ")}  ${from} to ${to}: ${reasons.map(({ code }) => code).join(", ")}`,
        ),
      ]);
    }),
  );
}
