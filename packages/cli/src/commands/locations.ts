import { everywhere, findLocation, findLocationIds, readLocationRows, sealStates } from "@energsys/store";
import { type Command, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { withKeys } from "./keyed-database.ts";
import { type Common, common, instantOf, print, wholeNumber } from "./options.ts";

const listed = 1_000;

/** Locations: what stands and is fitted there. */
export function addLocations(program: Command): void {
  const locations = program
    .command("locations")
    .description("locations, with what stands and is fitted there");

  common(
    locations
      .command("list")
      .description("locations with their enclosure and seals")
      .option("--find <words>", "part of address, code, note, seal, or of one of its points")
      .addOption(new Option("--seal <state>", "with seals in this state").choices(sealStates))
      .option("--limit <rows>", "at most so many", wholeNumber(1, 100_000), listed),
  ).action(
    ({
      data,
      json,
      find,
      seal,
      limit,
    }: Common & { find?: string; seal?: (typeof sealStates)[number]; limit: number }) =>
      withKeys(data, async (db) => {
        const filter = {
          ...(find === undefined ? {} : { text: find }),
          ...(seal === undefined ? {} : { seal }),
        };
        const order = { sort: "address", descending: false } as const;
        const window = { offset: 0, limit };
        const { total, locationIds } = await findLocationIds(db, everywhere, filter, order, window);
        const rows = await readLocationRows(db, everywhere, locationIds);
        if (json) return print([JSON.stringify({ total, locations: rows })]);
        print([
          ...rows.map((row) =>
            [
              String(row.locationId).padStart(7),
              (row.code ?? "-").padEnd(10),
              row.address,
              row.branch.join(" › "),
              `${row.points} points`,
              row.material ?? "no enclosure",
              row.ratedCurrentA === null ? "no protection" : `${row.ratedCurrentA} A`,
              `seals: ${row.sealState}`,
            ].join("  "),
          ),
          `${rows.length} of ${total} locations`,
        ]);
      }),
  );

  common(
    locations
      .command("show <id>")
      .description("one location with all that is and was fitted there, and its points")
      .option("--on <instant>", "as it was then", instantOf),
  ).action((id: string, { data, json, on }: Common & { on?: number }) =>
    withKeys(data, async (db) => {
      const location = await findLocation(db, everywhere, Number(id), on === undefined ? {} : { onMs: on });
      if (!location) throw new CliError("location.not-found", `there is no location ${id}`);
      if (json) return print([JSON.stringify(location)]);
      const day = (ms: number | null) => (ms === null ? "" : new Date(ms).toISOString());
      print([
        [location.code ?? "-", location.address, location.branch.join(" › ")].join("  "),
        ...location.points.map(({ pod, serial }) => `point ${pod}  ${serial ?? "no meter"}`),
        ...location.fittings.map((one) =>
          [
            one.kind.padEnd(9),
            [
              one.label,
              one.material,
              one.ratedCurrentA === null ? null : `${one.ratedCurrentA} A`,
              one.residualCurrentMa === null ? null : `${one.residualCurrentMa} mA`,
              one.number,
            ]
              .filter((part) => part !== null && part !== "")
              .join(", "),
            `${day(one.from)} - ${day(one.to)}`,
            one.outcome ?? "",
            one.withdrawnBy === null ? "" : "withdrawn",
          ]
            .join("  ")
            .trimEnd(),
        ),
      ]);
    }),
  );
}
