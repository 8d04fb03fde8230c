import { type TariffComponent, type TariffTerms, tariffTemplates } from "@energsys/metering";
import {
  addTariff,
  assignTariff,
  type Database,
  everywhere,
  findPointsByPod,
  type InventoryGroups,
  listTariffChanges,
  type PointCategory,
  readTariffs,
} from "@energsys/store";

const calendarOf = (code: string): TariffTerms["calendar"] =>
  tariffTemplates.find((template) => template.code === code)!.terms.calendar;
const perRate = (rate: string, price: string): TariffComponent => ({
  code: `energie-${rate}`,
  name: `Energie activă, ${rate}`,
  basis: { kind: "rate", rate },
  price,
});
const network: TariffComponent = {
  code: "retea",
  name: "Transport și distribuție",
  basis: { kind: "energy" },
  price: "0.40",
};

/** What a town's customers pay: hours as such tariffs have them, prices of no supplier. Its meters count no rates themselves. */
export const sampleTariffs: readonly {
  readonly code: string;
  readonly name: string;
  readonly categories: readonly PointCategory[];
  readonly terms: TariffTerms;
}[] = [
  {
    code: "EXEMPLU-CASNIC",
    name: "Exemplu: casnic, zi și noapte",
    categories: ["household"],
    terms: {
      currency: "RON",
      vatPercent: "21",
      calendar: calendarOf("RO-ZI-NOAPTE"),
      registers: [],
      components: [
        perRate("zi", "0.60"),
        perRate("noapte", "0.36"),
        network,
        { code: "abonament", name: "Abonament", basis: { kind: "day" }, price: "0.20" },
      ],
    },
  },
  {
    code: "EXEMPLU-NONCASNIC",
    name: "Exemplu: noncasnic, vârf, normal și gol",
    categories: ["business", "lighting"],
    terms: {
      currency: "RON",
      vatPercent: "21",
      calendar: calendarOf("RO-3-ZONE"),
      registers: [],
      reactive: {
        neutralFactor: "0.90",
        secondFactor: "0.65",
        multiplier: "3",
        mode: "marginal",
        basePeriod: "hour",
      },
      components: [
        perRate("vârf", "0.84"),
        perRate("normal", "0.58"),
        perRate("gol", "0.38"),
        network,
        { code: "putere", name: "Putere maximă", basis: { kind: "demand" }, price: "8" },
        { code: "reactiva", name: "Energie reactivă inductivă", basis: { kind: "reactive" }, price: "0.10" },
      ],
    },
  },
];

/** Gives the town's classes of customers their tariffs, once: what somebody made of them since stays. */
export async function giveSampleTariffs(
  db: Database,
  classes: NonNullable<InventoryGroups["classes"]>,
  { fromDay, nowMs }: { readonly fromDay: string; readonly nowMs: number },
): Promise<void> {
  const author = { by: "ENERGSys", reason: "sample network", nowMs };
  const days = { fromDay, toDay: null };
  const known = new Map([...(await readTariffs(db)).values()].map(({ code, tariffId }) => [code, tariffId]));
  for (const { categories, code, name, terms } of sampleTariffs) {
    const tariffId = known.get(code) ?? (await addTariff(db, { code, name, terms, ...days }, author));
    const changes = await listTariffChanges(db, { tariffId, limit: 1000 });
    if (changes.some(({ kind }) => kind === "assignment")) continue;
    const pods = classes.filter((each) => categories.includes(each.category)).map(({ pod }) => pod);
    const found = await findPointsByPod(db, everywhere, pods);
    await assignTariff(db, everywhere, { tariffId, pointIds: [...found.values()], ...days }, author);
  }
}
