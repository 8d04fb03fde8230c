import { formulaFunctions } from "@energsys/metering";
import type { Language } from "@energsys/store";

interface FunctionHelp {
  readonly group: "interval" | "period" | "time" | "energy";
  readonly signature: string;
  readonly help: Readonly<Record<Language, string>>;
  readonly example: string;
}

/** Every function of the language in the order of docs/formula.md; a test compares it with the engine. */
export const functionHelp: Readonly<Record<string, FunctionHelp>> = {
  abs: of("interval", "abs(x)", "mărimea fără semn", "size without sign", "abs([A+] - [A-])"),
  round: of(
    "interval",
    "round(x; n)",
    "rotunjit la n zecimale",
    "to n decimals, half away from zero",
    "round([A+]; 1)",
  ),
  floor: of("interval", "floor(x)", "în jos, la întreg", "down to a whole unit", "floor([A+])"),
  ceil: of("interval", "ceil(x)", "în sus, la întreg", "up to a whole unit", "ceil([A+])"),
  min: of(
    "interval",
    "min(a; b)",
    "cea mai mică valoare în fiecare interval",
    "the least at each interval",
    "min([A+]; 5 kWh)",
  ),
  max: of(
    "interval",
    "max(a; b)",
    "cea mai mare valoare în fiecare interval",
    "the greatest at each interval",
    "max([A+] - [A-]; 0)",
  ),
  if: of(
    "interval",
    "if(c; a; b)",
    "a unde condiția este îndeplinită, altfel b",
    "a where the condition holds, else b",
    "if([A+] > 2 kWh; [A+]; 0)",
  ),
  coalesce: of(
    "interval",
    "coalesce(x; y)",
    "prima valoare care există",
    "the first that is there",
    "coalesce([A+]; 0)",
  ),
  ismissing: of(
    "interval",
    "ismissing(x)",
    "dacă valoarea lipsește",
    "whether the value is missing",
    "count(ismissing([A+]))",
  ),
  isestimated: of(
    "interval",
    "isestimated(x)",
    "dacă valoarea este estimată",
    "whether it is estimated",
    "count(isestimated([A+]))",
  ),
  sum: of("period", "sum(x)", "totalul valorilor existente", "total of the values there", "sum([A+])"),
  avg: of("period", "avg(x)", "media valorilor existente", "mean of the values there", "avg(power([A+]))"),
  maxof: of("period", "maxof(x)", "cea mai mare valoare", "the greatest", "maxof(power([A+]))"),
  minof: of("period", "minof(x)", "cea mai mică valoare", "the least", "minof(power([A+]))"),
  count: of(
    "period",
    "count(x)",
    "numărul valorilor; al unei condiții, de câte ori este îndeplinită",
    "values there; of a condition, how often it holds",
    "count(power([A+]) > 5 kW)",
  ),
  percentile: of(
    "period",
    "percentile(x; p)",
    "percentila p",
    "percentile, linear between ranks",
    "percentile(power([A+]); 95)",
  ),
  stdev: of("period", "stdev(x)", "abaterea standard", "standard deviation of a sample", "stdev([A+])"),
  first: of("period", "first(x)", "prima valoare", "the first that is there", "first([A+])"),
  last: of("period", "last(x)", "ultima valoare", "the last that is there", "last([A+])"),
  timeofmax: of(
    "period",
    "timeofmax(x)",
    "momentul maximului",
    "start of the greatest interval",
    "timeofmax([A+])",
  ),
  coverage: of(
    "period",
    "coverage(x)",
    "ponderea valorilor existente",
    "share of the values that are there",
    "coverage([A+])",
  ),
  members: of(
    "period",
    "members(g)",
    "membrii unui grup, pentru funcțiile de mai sus",
    "the members of a group, for the functions above",
    "maxof(sum(members([A+])))",
  ),
  shift: of(
    "time",
    "shift(x; -1d)",
    "valoarea din altă zi, la aceeași oră",
    "the value of another day at the same time on the clock",
    "[A+] - shift([A+]; -1w)",
  ),
  resample: of(
    "time",
    "resample(x; 1h; sum)",
    "la un pas mai lung: 15min, 1h, day, month",
    "by a longer step: 15min, 1h, day, month",
    "resample([A+]; day; sum)",
  ),
  delta: of(
    "time",
    "delta(x)",
    "diferența față de intervalul anterior",
    "difference to the interval before",
    "delta([A+])",
  ),
  cumulate: of(
    "time",
    "cumulate(x)",
    "total de la începutul perioadei",
    "running total from the start of the period",
    "cumulate([A+])",
  ),
  band: of(
    "time",
    'band(x; "peak")',
    "intervalele unei zone a calendarului tarifar",
    "intervals of one rate of the calendar",
    'sum(band([A+]; "peak"))',
  ),
  workdays: of(
    "time",
    "workdays(x)",
    "luni–vineri, fără sărbători legale",
    "Monday to Friday without public holidays",
    "sum(workdays([A+]))",
  ),
  hours: of(
    "time",
    "hours(x; 22; 6)",
    "între două ore ale ceasului local",
    "between two hours of the local clock",
    "sum(hours([A+]; 22; 6))",
  ),
  ratio: of(
    "energy",
    "ratio(a; b)",
    "a în procente din b",
    "a in percent of b",
    "ratio(sum([A-]); sum([A+]))",
  ),
  power: of(
    "energy",
    "power(x)",
    "kWh al intervalului ca putere medie, kW",
    "kWh of an interval as mean kW",
    "power([A+])",
  ),
  energy: of(
    "energy",
    "energy(x)",
    "kW ca energie a intervalului, kWh",
    "kW as kWh of the interval",
    "sum(energy(power([A+])))",
  ),
  pf: of(
    "energy",
    "pf(p; q)",
    "factor de putere",
    "power factor of active and reactive energy",
    "pf(sum([A+]); sum([R+]))",
  ),
  loadfactor: of(
    "energy",
    "loadfactor(x)",
    "media împărțită la maxim",
    "mean by maximum",
    "loadfactor([A+])",
  ),
};

function of(
  group: FunctionHelp["group"],
  signature: string,
  ro: string,
  en: string,
  example: string,
): FunctionHelp {
  return { group, signature, help: { ro, en }, example };
}

/** What the builder shows and completes, in one language. */
export const functionsIn = (language: Language) =>
  [...formulaFunctions.keys()].flatMap((name) => {
    const found = functionHelp[name];
    return found
      ? [
          {
            name,
            group: found.group,
            signature: found.signature,
            help: found.help[language],
            example: found.example,
          },
        ]
      : [];
  });
