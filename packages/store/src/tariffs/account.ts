import { energies } from "../query/energies.ts";
import type { Period } from "../query/frame.ts";
import { type QueryContext, readSeries } from "../query/index.ts";
import type { Counted } from "../query/subjects.ts";
import type { AccountSeries, AccountVersion } from "./make-account.ts";
import { zonedOf } from "./rated.ts";
import type { Tariff, TariffVersion } from "./tariffs.ts";

/** Reads what accounts of a point are made of. Reactive energy is R+, the inductive one of a consumer. */
export async function readAccountSeries(
  context: QueryContext,
  counted: Counted,
  period: Period,
): Promise<AccountSeries> {
  const read = async (name: "A+" | "A-" | "R+") =>
    (await readSeries(context, [counted], { ...period, obis: energies[name] }))[0]!;
  const [taken, given, reactive] = [await read("A+"), await read("A-"), await read("R+")];
  return {
    taken: zonedOf(taken, period.zone),
    given: zonedOf(given, period.zone),
    reactive: zonedOf(reactive, period.zone),
    scales: { taken: taken.scale, given: given.scale, reactive: reactive.scale },
  };
}

/** Versions that a point has through time: its tariffs, each on its days. */
export function versionsOfPoint(
  assignments: readonly {
    readonly tariffId: number;
    readonly validFrom: string;
    readonly validTo?: string | undefined;
  }[],
  tariffs: ReadonlyMap<number, Tariff>,
): AccountVersion[] {
  return assignments.flatMap((assignment) => {
    const tariff = tariffs.get(assignment.tariffId);
    return (tariff ? versionsOfTariff(tariff) : []).flatMap((version) => {
      const validFrom = version.validFrom > assignment.validFrom ? version.validFrom : assignment.validFrom;
      const ends = [version.validTo, assignment.validTo].filter((day) => day !== undefined).sort();
      const validTo = ends[0];
      return validTo !== undefined && validTo <= validFrom ? [] : [{ ...version, validFrom, validTo }];
    });
  });
}

export const versionsOfTariff = ({ tariffId, code, versions }: Tariff): AccountVersion[] =>
  versions.map(({ versionId, validFrom, validTo, terms }: TariffVersion) => ({
    tariffId,
    code,
    versionId,
    validFrom,
    validTo,
    terms,
  }));
