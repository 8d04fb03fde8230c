import {
  actingAs,
  addReadingPlan,
  everywhere,
  listReadingPlans,
  type ReadingPlan,
  setGroupPlan,
  setPointPlan,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, print, wholeNumber } from "./options.ts";
import { pointOf } from "./point-of.ts";

const parts = ["profile", "registers", "events"] as const;

function partsOf(text: string): Record<(typeof parts)[number], boolean> {
  const named = text.split(",");
  const unknown = named.filter((name) => !parts.some((part) => part === name));
  if (unknown.length > 0) throw new InvalidArgumentError(`some of ${parts.join(",")}`);
  return {
    profile: named.includes("profile"),
    registers: named.includes("registers"),
    events: named.includes("events"),
  };
}

function minuteOf(text: string): number {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) throw new InvalidArgumentError("times such as 00:15");
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}
const timesOf = (text: string): number[] => text.split(",").map(minuteOf);
function windowOf(text: string): [number, number] {
  const [from = "", to = "", ...more] = text.split("-");
  if (more.length > 0) throw new InvalidArgumentError("two times such as 22:00-06:00");
  return [minuteOf(from), minuteOf(to)];
}
const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
function whenOf({ everySeconds, times: { moments, windowFrom, windowTo } }: ReadingPlan): string {
  if (moments.length > 0) return `at ${moments.map(timeOf).join(",")}`;
  const window = windowFrom === null || windowTo === null ? "" : ` ${timeOf(windowFrom)}-${timeOf(windowTo)}`;
  return `every ${everySeconds} s${window}`;
}

/** The plan that is given; null: only on request; undefined: it is taken away. */
const planOf = ({ plan, end }: { readonly plan?: number; readonly end: boolean }) =>
  end ? undefined : (plan ?? null);

/** Reading plans: how often devices are read of themselves, and what of them. */
export function addPlans(program: Command): void {
  const plans = program
    .command("plans")
    .description("reading plans: how often devices are read of themselves");

  common(plans.command("list").description("plans in use, the most frequent first")).action(
    ({ data, json }: Common) =>
      withKeys(data, async (db) => {
        const rows = await listReadingPlans(db, everywhere);
        if (json) return print([JSON.stringify(rows)]);
        print(
          rows.map((plan) =>
            [
              String(plan.planId).padStart(5),
              plan.name.padEnd(20),
              whenOf(plan),
              parts.filter((part) => plan[part]).join(","),
              `gaps of ${plan.backfillDays} days`,
              `${plan.devices} devices`,
            ].join("  "),
          ),
        );
      }),
  );

  common(
    plans
      .command("add <name>")
      .description("a new plan; nothing is read by it until a point is given it")
      .option("--every <seconds>", "from one reading to the next", wholeNumber(10, 31 * 86_400), 900)
      .option("--at <times>", "moments of the day instead, such as 00:15,12:00", timesOf)
      .option("--between <times>", "only in a part of the day, such as 22:00-06:00", windowOf)
      .option("--read <parts>", "of profile,registers,events", partsOf, partsOf(parts.join(",")))
      .option("--backfill <days>", "how far back gaps are read again", wholeNumber(0, 400), 40)
      .requiredOption("--reason <text>", "why; stands in the log"),
  ).action(
    (
      name: string,
      given: Common & {
        every: number;
        at?: number[];
        between?: [number, number];
        read: ReturnType<typeof partsOf>;
        backfill: number;
        reason: string;
      },
    ) =>
      withKeys(given.data, async (db) => {
        const acting = actingAs(db, { actor: "process:cli", operation: "plans add", reason: given.reason });
        const facts = { name, everySeconds: given.every, backfillDays: given.backfill, ...given.read };
        const times = {
          moments: given.at ?? [],
          windowFrom: given.between?.[0] ?? null,
          windowTo: given.between?.[1] ?? null,
        };
        const planId = await addReadingPlan(acting, { ...facts, times });
        print([given.json ? JSON.stringify({ planId }) : `plan ${planId}`]);
      }),
  );

  common(
    plans
      .command("give <pod>")
      .description("reads the device of a point by a plan of its own from now on, or only on request")
      .option(
        "--plan <number>",
        "as `plans list` numbers it; only on request without it",
        wholeNumber(1, 2_147_483_647),
      )
      .option("--end", "it has no plan of its own any more", false)
      .requiredOption("--reason <text>", "why; stands in the log"),
  ).action((pod: string, given: Common & { plan?: number; end: boolean; reason: string }) =>
    withKeys(given.data, async (db) => {
      const acting = actingAs(db, { actor: "process:cli", operation: "plans give", reason: given.reason });
      const changed = await setPointPlan(
        acting,
        everywhere,
        await pointOf(db, pod),
        planOf(given),
        Date.now(),
      );
      print([given.json ? JSON.stringify({ changed }) : changed ? "given" : "it is read so already"]);
    }),
  );

  common(
    plans
      .command("give-group <number>")
      .description(
        "reads all members of a group by a plan, or only on request: those of now, and who joins later",
      )
      .option(
        "--plan <number>",
        "as `plans list` numbers it; only on request without it",
        wholeNumber(1, 2_147_483_647),
      )
      .option("--end", "the group says nothing of it any more: members are read as before", false)
      .option("--dry-run", "only says what it would do", false)
      .requiredOption("--reason <text>", "why; stands in the log"),
  ).action(
    (group: string, given: Common & { plan?: number; end: boolean; dryRun: boolean; reason: string }) =>
      withKeys(given.data, async (db) => {
        const acting = actingAs(db, {
          actor: "process:cli",
          operation: "plans give-group",
          reason: given.reason,
        });
        const groupId = wholeNumber(1, 2_147_483_647)(group);
        const { dryRun } = given;
        const done = await setGroupPlan(acting, everywhere, groupId, planOf(given), {
          nowMs: Date.now(),
          dryRun,
        });
        if (given.json) return print([JSON.stringify(done)]);
        print([
          `${done.changed} of ${done.members} members ${dryRun ? "would be" : "are"} read otherwise`,
          `${done.byConcentrator} are read by their concentrator, ${done.withoutDevice} have no device`,
          `${done.ownPlan} have a plan of their own, ${done.otherGroup} that of another group`,
        ]);
      }),
  );
}
