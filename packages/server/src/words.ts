import type { Language } from "@energsys/store";

/** Head lines and notes of exported files. */
const words = {
  pod: { ro: "POD", en: "POD" },
  name: { ro: "Denumire", en: "Name" },
  address: { ro: "Adresă", en: "Address" },
  branch: { ro: "Ramură", en: "Branch" },
  serial: { ro: "Serie contor", en: "Meter serial" },
  manufacturer: { ro: "Producător", en: "Manufacturer" },
  model: { ro: "Model", en: "Model" },
  state: { ro: "Stare", en: "State" },
  lastContact: { ro: "Ultimul contact (UTC)", en: "Last contact (UTC)" },
  lastIndex: { ro: "Ultimul index", en: "Last index" },
  unit: { ro: "Unitate", en: "Unit" },
  readAt: { ro: "Citit la (UTC)", en: "Read at (UTC)" },
  intervalStart: { ro: "Început interval", en: "Interval start" },
  offset: { ro: "Decalaj UTC", en: "UTC offset" },
  value: { ro: "Valoare", en: "Value" },
  quality: { ro: "Calitate", en: "Quality" },
  missing: { ro: "lipsă", en: "missing" },
  good: { ro: "măsurat", en: "measured" },
  zone: { ro: "Fus orar", en: "Time zone" },
  register: { ro: "Registru", en: "Register" },
  coverage: { ro: "Acoperire", en: "Coverage" },
  coverageText: {
    ro: "{present} din {expected} intervale prezente, {good} bune, {estimated} estimate",
    en: "{present} of {expected} intervals present, {good} good, {estimated} estimated",
  },
  pointsText: { ro: "{shown} din {total} puncte", en: "{shown} of {total} points" },
  talking: { ro: "comunică", en: "talking" },
  silent: { ro: "nu comunică", en: "silent" },
  never: { ro: "niciodată contactat", en: "never" },
  none: { ro: "fără echipament", en: "no device" },
  signInName: { ro: "Nume de conectare", en: "Sign-in name" },
  disabled: { ro: "Dezactivat", en: "Disabled" },
  yes: { ro: "da", en: "yes" },
  no: { ro: "nu", en: "no" },
  role: { ro: "Rol", en: "Role" },
  supplier: { ro: "Furnizor", en: "Supplier" },
  from: { ro: "De la (UTC)", en: "From (UTC)" },
  until: { ro: "Până la (UTC)", en: "Until (UTC)" },
  reason: { ro: "Motiv", en: "Reason" },
  grantedBy: { ro: "Acordat de", en: "Granted by" },
  grantedAt: { ro: "Acordat la (UTC)", en: "Granted at (UTC)" },
  lastUsedAt: { ro: "Folosit ultima dată (UTC)", en: "Last used (UTC)" },
  reviewedBy: { ro: "Confirmat de", en: "Confirmed by" },
  reviewedAt: { ro: "Confirmat la (UTC)", en: "Confirmed at (UTC)" },
  wholeNetwork: { ro: "toată rețeaua", en: "the whole network" },
} as const satisfies Record<string, Record<Language, string>>;

export type Word = keyof typeof words;

/** A word in a language, with its places filled. */
export const word = (
  name: Word,
  language: Language,
  values: Readonly<Record<string, string | number>> = {},
): string => words[name][language].replaceAll(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ""));
