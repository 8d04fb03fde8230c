/** Energies of the point layer (docs/storage.md, from meter to point): `1-0:C.29.0*255`, all rates together. */
export const energies = {
  "A+": "1-0:1.29.0*255",
  "A-": "1-0:2.29.0*255",
  "R+": "1-0:3.29.0*255",
  "R-": "1-0:4.29.0*255",
  RQ1: "1-0:5.29.0*255",
  RQ2: "1-0:6.29.0*255",
  RQ3: "1-0:7.29.0*255",
  RQ4: "1-0:8.29.0*255",
  "S+": "1-0:9.29.0*255",
  "S-": "1-0:10.29.0*255",
} as const;
export type Energy = keyof typeof energies;

const byCode = new Map<string, Energy>(
  Object.entries(energies).map(([energy, obis]) => [obis, energy as Energy]),
);
/** The energy that a code of the point layer is. */
export function energyOfCode(obis: string): Energy {
  const energy = byCode.get(obis);
  if (!energy) throw new Error(`not an energy of a point: ${obis}`);
  return energy;
}

/** Unit of a point's energy by its code: C = 1 and 2 are active, 3 to 8 reactive, 9 and 10 apparent (IEC 62056-61). */
export function unitOf(obis: string): "Wh" | "varh" | "VAh" {
  const c = Number(/:(\d+)\./.exec(obis)?.[1] ?? 1) % 20;
  return c <= 2 ? "Wh" : c <= 8 ? "varh" : "VAh";
}
