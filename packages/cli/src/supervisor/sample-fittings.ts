import {
  type Database,
  everywhere,
  type FirstFitting,
  findPointsByPod,
  fittingOf,
  type InventoryGateway,
  type InventoryPoint,
  importModems,
  listModems,
  storeFirstFittings,
} from "@energsys/store";

const by = "ENERGSys";
const reason = "sample network";
/** Of a greater town the rest has none: each is an entry of the activity log, too. */
const fittedPointsMax = 2_000;
const enclosures = [
  { material: "plastic", wallMm: "3", locks: 1, ipClass: "IP54" },
  { material: "steel", wallMm: "1.5", locks: 2, ipClass: "IP43" },
  { material: "stainless-steel", wallMm: "2", locks: 2, ipClass: "IP55" },
] as const;

/** Gives the town's locations an enclosure, a breaker, some an RCD, and a seal on the terminal cover, once. */
export async function fitSampleNetwork(
  db: Database,
  points: readonly InventoryPoint[],
  fromMs: number,
): Promise<void> {
  const fitted = points.slice(0, fittedPointsMax);
  const found = await findPointsByPod(
    db,
    everywhere,
    fitted.map(({ pod }) => pod),
  );
  const act = { fromMs, putBy: "", reason, by };
  const fittings = fitted.flatMap(({ pod, phases }, nth): FirstFitting[] => {
    const pointId = found.get(pod);
    if (pointId === undefined) return [];
    const breaker = {
      kind: "breaker",
      label: "Q1",
      ratedCurrentA: phases === 3 ? "63" : "40",
      poles: phases === 3 ? 4 : 2,
      characteristic: "C",
    } as const;
    const rcd = {
      ...breaker,
      kind: "rcd",
      label: "F1",
      residualCurrentMa: 300,
      characteristic: "AC",
    } as const;
    const number = `ENS-${String(nth + 1).padStart(6, "0")}`;
    return [
      { kind: "enclosure", keyMark: `K${1 + (nth % 4)}`, ...enclosures[nth % enclosures.length]! } as const,
      breaker,
      ...(nth % 3 === 0 ? [rcd] : []),
      { kind: "seal", label: "capac de borne", number } as const,
    ].map((facts) => ({ ...fittingOf(facts), ...act, pointId }));
  });
  await storeFirstFittings(db, fittings);
}

/** Gives each concentrator of the town a modem with a card, as long as nobody keeps modems there. */
export async function giveSampleModems(
  db: Database,
  gateways: readonly InventoryGateway[],
  atMs: number,
): Promise<void> {
  if ((await listModems(db, everywhere, {}, { offset: 0, limit: 1 })).total > 0) return;
  const rows = gateways.map(({ identity }, nth) => {
    const place = String(nth + 1).padStart(6, "0");
    return {
      line: nth + 1,
      modem: { serial: `ENM${place}`, imei: withCheckDigit(`35000000${place}`), type: "LTE Cat 1", note: "" },
      gateway: identity,
      meter: null,
      sim: {
        iccid: withCheckDigit(`894000000000${place}`),
        operator: nth % 2 === 0 ? "Exemplu Mobil" : "Exemplu Telecom",
        apn: "contoare.exemplu",
        dataPlan: "500 MB",
        msisdn: "",
      },
    };
  });
  await importModems(db, everywhere, rows, { atMs, reason, by, apply: true });
}

/** The digits with the one that checks them (ISO/IEC 7812-1, annex B), as an IMEI and an ICCID have it. */
function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, nth) => {
    const weighted = Number(digit) * (nth % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
