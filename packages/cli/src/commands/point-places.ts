import {
  actingAs,
  addPoint,
  changeAttributes,
  everywhere,
  type GroupsOnMove,
  groupsOnMove,
  pointDirections,
  removePoint,
} from "@energsys/store";
import { type Command, Option } from "commander";
import { withKeys } from "./keyed-database.ts";
import { instantOf, wholeNumber } from "./options.ts";
import { pointOf } from "./point-of.ts";

interface Common {
  readonly data?: string;
  readonly json?: boolean;
  readonly reason: string;
}

const common = (command: Command): Command =>
  command
    .requiredOption("--reason <text>", "why; stands in the log")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON");

const say = (json: boolean | undefined, result: object, text: string): void => {
  process.stdout.write(`${json ? JSON.stringify(result) : text}\n`);
};

/** Points are entered, moved and, when nothing ever happened there, removed by hand. */
export function addPointPlaces(points: Command): void {
  common(
    points
      .command("add <pod>")
      .description("a point at a location, without a meter yet")
      .requiredOption(
        "--location <number>",
        "where it stands, as `locations list` numbers it",
        wholeNumber(1, 2_147_483_647),
      )
      .option("--name <name>", "its name", "")
      .addOption(new Option("--phases <n>", "phases").choices(["1", "3"]).default("1"))
      .addOption(new Option("--direction <way>", "of energy").choices(pointDirections).default("import")),
  ).action(
    (
      pod: string,
      given: Common & {
        location: number;
        name: string;
        phases: string;
        direction: (typeof pointDirections)[number];
      },
    ) =>
      withKeys(given.data, async (db) => {
        const acting = actingAs(db, { actor: "process:cli", operation: "points add", reason: given.reason });
        const pointId = await addPoint(acting, everywhere, given.location, {
          pod,
          name: given.name,
          phases: given.phases === "3" ? 3 : 1,
          direction: given.direction,
        });
        say(given.json, { pointId }, `point ${pointId}`);
      }),
  );

  common(
    points
      .command("move <pod>")
      .description("gives a point another location from an instant on; what was stays to be seen")
      .requiredOption(
        "--to <number>",
        "the location, as `locations list` numbers it",
        wholeNumber(1, 2_147_483_647),
      )
      .option("--from <instant>", "from then on; now without it", instantOf)
      .addOption(
        new Option(
          "--groups <what>",
          "in groups of a branch that it leaves: its time ends, or it stays",
        ).choices(groupsOnMove),
      ),
  ).action((pod: string, given: Common & { to: number; from?: number; groups?: GroupsOnMove }) =>
    withKeys(given.data, async (db) => {
      const { reason } = given;
      const acting = actingAs(db, { actor: "process:cli", operation: "points move", reason });
      const nowMs = Date.now();
      const change = {
        pointId: await pointOf(db, pod),
        values: { locationId: given.to },
        fromMs: given.from ?? nowMs,
        ...(given.groups === undefined ? {} : { groups: given.groups }),
      };
      const changeId = await changeAttributes(acting, everywhere, change, {
        by: "command line",
        reason,
        nowMs,
      });
      say(given.json, { changeId }, changeId === null ? "it stood there already" : `change ${changeId}`);
    }),
  );

  common(
    points
      .command("remove <pod>")
      .description("takes away a point at which nothing was read and on which nothing hangs"),
  ).action((pod: string, given: Common) =>
    withKeys(given.data, async (db) => {
      const acting = actingAs(db, { actor: "process:cli", operation: "points remove", reason: given.reason });
      const pointId = await pointOf(db, pod);
      await removePoint(acting, everywhere, pointId);
      say(given.json, { pointId }, `point ${pointId} is gone`);
    }),
  );
}
