import { searchText } from "@energsys/store";

/** What a column of a file of points can be. */
export interface ImportColumn {
  readonly required: boolean;
  /** Heads by which it is guessed, folded: lower case, without diacritics, letters and digits only. */
  readonly heads: readonly string[];
}

/** Every column that a file of points may have, in the order in which pages show them: a new one is a line here and in `rows.ts`. */
export const importColumns = {
  pod: { required: true, heads: ["pod", "codpod", "locdeconsum", "nlc", "point", "pointcode", "usagepoint"] },
  name: { required: false, heads: ["name", "nume", "denumire", "client", "abonat", "pointname"] },
  address: { required: true, heads: ["address", "adresa", "adresaloc", "street", "strada"] },
  branch: {
    required: true,
    heads: ["branch", "ramura", "sucursala", "network", "retea", "pt", "posttrafo", "transformer"],
  },
  phases: { required: false, heads: ["phases", "faze", "nrfaze"] },
  direction: { required: false, heads: ["direction", "sens", "directie"] },
  approvedPower: {
    required: false,
    heads: ["approvedpower", "approvedpowerkw", "putereaprobata", "putereaprobatakw", "putere", "power"],
  },
  latitude: { required: false, heads: ["latitude", "lat", "latitudine"] },
  longitude: { required: false, heads: ["longitude", "lon", "lng", "long", "longitudine"] },
  serial: {
    required: true,
    heads: ["serial", "serie", "seriecontor", "meterserial", "contor", "meter", "serienumber"],
  },
  manufacturer: { required: true, heads: ["manufacturer", "producator", "fabricant", "maker"] },
  model: { required: true, heads: ["model", "tipcontor", "metertype", "tip", "type"] },
  maxCurrent: { required: false, heads: ["maxcurrent", "maxcurrenta", "imax", "curentmaxim"] },
  indexDigits: { required: false, heads: ["indexdigits", "cifreindex", "digits", "cifre"] },
  installedAt: {
    required: true,
    heads: [
      "installedat",
      "montatla",
      "datamontarii",
      "datamontaj",
      "installed",
      "from",
      "dela",
      "validfrom",
    ],
  },
  ctRatio: { required: false, heads: ["ctratio", "ct", "raportct", "tc"] },
  vtRatio: { required: false, heads: ["vtratio", "vt", "raportvt", "tt"] },
  identity: { required: false, heads: ["identity", "identitate", "deviceidentity", "logicaldevice"] },
  url: { required: true, heads: ["url", "adresaechipament", "deviceurl", "deviceaddress", "conexiune"] },
} as const satisfies Record<string, ImportColumn>;

export type ImportColumnName = keyof typeof importColumns;
export const importColumnNames = Object.keys(importColumns) as ImportColumnName[];

/** Which column of the file holds what: places from 0; a name that is missing is in no column. */
export type ImportMapping = Readonly<Partial<Record<ImportColumnName, number>>>;

const bare = (head: string): string => searchText(head).replaceAll(/[^a-z0-9]/g, "");

/** Guesses by the heads; the first that fits counts, and no column of the file is taken twice. */
export function guessMapping(header: readonly string[]): ImportMapping {
  const heads = header.map(bare);
  const taken = new Set<number>();
  const mapping: Partial<Record<ImportColumnName, number>> = {};
  for (const name of importColumnNames) {
    const known: readonly string[] = [bare(name), ...importColumns[name].heads];
    const place = heads.findIndex((head, at) => !taken.has(at) && known.includes(head));
    if (place < 0) continue;
    taken.add(place);
    mapping[name] = place;
  }
  return mapping;
}
