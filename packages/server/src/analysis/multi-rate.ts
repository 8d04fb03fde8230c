import type { CountedEnergy } from "@energsys/metering";
import {
  energies as energyCodes,
  type MultiRate,
  type MultiRateEnergy,
  type Period,
  queryContext,
  type RatedEnergy,
  readMultiRate,
  readOwnRegisters,
  readTariffs,
  type Tariff,
} from "@energsys/store";
import { iso } from "../instants.ts";
import type { MultiRateAnswer } from "../schemas/tariffs.ts";
import type { Services } from "../services.ts";
import { checkSize, type Named } from "./asked.ts";

export interface MultiRateAsked extends Period {
  readonly energies: readonly RatedEnergy[];
  readonly by: "day" | "month";
  readonly tariffId?: number;
}

type Energies = MultiRateAnswer["energies"][number];

/** Energies by rate as they are answered, with the meter's own registers where a single point is looked at. */
export async function multiRateOf(
  services: Services,
  { of, counted, name }: Named,
  asked: MultiRateAsked,
): Promise<MultiRateAnswer> {
  const { db, zone } = services;
  // Points that have their own tariffs are unpacked, of a group, too.
  const unpacked = counted.subject.kind === "group" && asked.tariffId === undefined;
  checkSize(services, [unpacked ? { ...counted, subject: { kind: "system" } } : counted], asked);
  const result = await readMultiRate(queryContext(db), counted, asked);
  const all = await readTariffs(db);
  const answered: Energies[] = [];
  for (const rated of result.energies) {
    answered.push({
      ...energyAnswer(rated),
      registers: await registersOf(services, counted, rated, result, asked),
    });
  }
  return {
    zone,
    from: asked.fromDay,
    to: asked.toDay,
    of,
    ...name,
    points: new Set(counted.sources.map(({ pointId }) => pointId)).size,
    tariffs: result.tariffs.map((tariff) => ({
      ...plain(tariff),
      versions: tariff.versions
        .filter(
          ({ validFrom, validTo }) => validFrom < asked.toDay && (validTo ?? asked.toDay) > asked.fromDay,
        )
        .map(({ validFrom, validTo }) => ({ validFrom, validTo: validTo ?? null })),
    })),
    choices: [...all.values()].map(plain),
    energies: answered,
  };
}

const plain = ({ tariffId, code, name }: Tariff) => ({ tariffId, code, name });
const text = (energy: bigint | null): string | null => energy?.toString() ?? null;
const sumOf = ({ energy, expected, present, good, estimated }: CountedEnergy) => ({
  energy: text(energy),
  expected,
  present,
  good,
  estimated,
});

function energyAnswer(rated: MultiRateEnergy): Omit<Energies, "registers"> {
  const { energy, unit, scale, stepSeconds, total, unrated, unratedDays, zones, buckets } = rated;
  return {
    energy,
    unit,
    scale,
    stepSeconds,
    total: sumOf(total),
    unrated: sumOf(unrated),
    unratedDays: unratedDays.length,
    zones: zones.map((zone) => ({
      rate: zone.rate,
      ...sumOf(zone),
      shareMille: zone.shareMille ?? null,
      max: zone.max ? { value: zone.max.energy, start: iso(zone.max.startMs) } : null,
    })),
    buckets: buckets
      .map(({ key, byRate, unrated, total }) => ({
        key,
        zones: zones.map(({ rate }) => {
          const found = byRate.get(rate);
          return found ? text(found.energy) : null;
        }),
        unrated: text(unrated.energy),
        total: sumOf(total),
      }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

/** Where all versions of the period say the same of the registers; else nothing can be compared. */
async function registersOf(
  { db }: Services,
  { subject }: Named["counted"],
  rated: MultiRateEnergy,
  { tariffs }: MultiRate,
  period: Period,
): Promise<Energies["registers"]> {
  if (subject.kind !== "point" || rated.energy === "net" || rated.unratedDays.length > 0) return [];
  const said = tariffs
    .flatMap(({ versions }) => versions)
    .filter(
      ({ validFrom, validTo }) => validFrom < period.toDay && (validTo ?? period.toDay) > period.fromDay,
    )
    .map(({ terms }) => terms.registers);
  const [first] = said;
  if (!first || said.some((other) => JSON.stringify(other) !== JSON.stringify(first))) return [];
  const rows = await readOwnRegisters(
    db,
    subject.pointId,
    energyCodes[rated.energy],
    { zones: rated.zones, registers: first, scale: rated.scale },
    period,
  );
  return rows.map(({ ours, meters, difference, ...row }) => ({
    ...row,
    ours: text(ours),
    meters: text(meters ?? null),
    difference: text(difference ?? null),
  }));
}
