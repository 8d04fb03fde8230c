import type { Language, ReportDefinition } from "@energsys/store";

/** A report that is ready but for whom it is of: `ask` stands where a person chooses a subject. */
export interface ReportTemplate {
  readonly key: string;
  readonly name: Readonly<Record<Language, string>>;
  readonly about: Readonly<Record<Language, string>>;
  /** What has to be chosen: anything, or a group with balance meters. */
  readonly asks: "any" | "group";
  readonly definition: (language: Language) => ReportDefinition;
}

const say = (language: Language) => (ro: string, en: string) => (language === "ro" ? ro : en);
const input = (name: string, energy = name, of = "ask") => ({ name, of, energy });

/** Reports of the brochure as formulas, each with the number of its item in docs/features.md. */
export const reportTemplates: readonly ReportTemplate[] = [
  {
    key: "consumption-by-day",
    name: { ro: "Analiza consumului pe zile", en: "Consumption by day" },
    about: {
      ro: "Energia fiecărei zile, vârful ei și ponderea nopții.",
      en: "Energy of each day, its peak, and the share of the night.",
    },
    asks: "any",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "day",
        inputs: [input("A+")],
        columns: [
          { title: t("Energie activă", "Active energy"), formula: "sum([A+])" },
          { title: t("Putere maximă", "Peak power"), formula: "maxof(power([A+]))" },
          { title: t("Noapte 22–6", "Night 22–6"), formula: "ratio(sum(hours([A+]; 22; 6)); sum([A+]))" },
          { title: t("Acoperire", "Coverage"), formula: "coverage([A+])" },
        ],
        period: { kind: "last-month" },
        chart: "bar",
      };
    },
  },
  {
    key: "consumption-by-month",
    name: { ro: "Analiza consumului pe luni", en: "Consumption by month" },
    about: {
      ro: "Fiecare lună a anului, cu media puterii și factorul de umplere.",
      en: "Each month of the year, with mean power and load factor.",
    },
    asks: "any",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "month",
        inputs: [input("A+")],
        columns: [
          { title: t("Energie activă", "Active energy"), formula: "sum([A+])" },
          { title: t("Putere medie", "Mean power"), formula: "avg(power([A+]))" },
          { title: t("Putere maximă", "Peak power"), formula: "maxof(power([A+]))" },
          { title: t("Factor de umplere", "Load factor"), formula: "loadfactor([A+])" },
        ],
        period: { kind: "this-year" },
        chart: "bar",
      };
    },
  },
  {
    key: "time-frames",
    name: {
      ro: "Energie pe intervale orare, import și export",
      en: "Energy by time frame, import and export",
    },
    about: {
      ro: "Zile lucrătoare, week-end și noapte, pentru energia primită și livrată.",
      en: "Workdays, weekend and night, for energy taken and given.",
    },
    asks: "any",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "month",
        inputs: [input("A+"), input("A-")],
        columns: [
          {
            title: t("Import lucrătoare 6–22", "Import workdays 6–22"),
            formula: "sum(hours(workdays([A+]); 6; 22))",
          },
          { title: t("Import noapte 22–6", "Import night 22–6"), formula: "sum(hours([A+]; 22; 6))" },
          { title: t("Import total", "Import, all"), formula: "sum([A+])" },
          {
            title: t("Export lucrătoare 6–22", "Export workdays 6–22"),
            formula: "sum(hours(workdays([A-]); 6; 22))",
          },
          { title: t("Export noapte 22–6", "Export night 22–6"), formula: "sum(hours([A-]; 22; 6))" },
          { title: t("Export total", "Export, all"), formula: "sum([A-])" },
        ],
        period: { kind: "this-year" },
        chart: "bar",
      };
    },
  },
  {
    key: "load-curve",
    name: { ro: "Curbă de sarcină lângă cea de acum o săptămână", en: "Load curve beside the week before" },
    about: {
      ro: "Puterea fiecărui interval lângă cea de acum o săptămână.",
      en: "Power of each interval beside that of a week before.",
    },
    asks: "any",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "interval",
        inputs: [input("A+")],
        columns: [
          { title: t("Putere", "Power"), formula: "power([A+])" },
          { title: t("Acum o săptămână", "A week before"), formula: "power(shift([A+]; -1w))" },
          { title: t("Diferență", "Difference"), formula: "power([A+]) - power(shift([A+]; -1w))" },
        ],
        period: { kind: "last-7-days" },
        chart: "line",
      };
    },
  },
  {
    key: "data-quality",
    name: { ro: "Date achiziționate și calitatea lor", en: "Acquired data and its quality" },
    about: {
      ro: "Cât s-a citit, ce lipsește și ce este estimat, pe punct.",
      en: "What was read, what is missing and what is estimated, by point.",
    },
    asks: "any",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "subject",
        subjects: ["ask"],
        each: "point",
        inputs: [input("A+", "A+", "row")],
        columns: [
          { title: t("Energie activă", "Active energy"), formula: "sum([A+])" },
          { title: t("Acoperire", "Coverage"), formula: "coverage([A+])" },
          { title: t("Lipsă", "Missing"), formula: "count(ismissing([A+]))", decimals: 0 },
          { title: t("Estimate", "Estimated"), formula: "count(isestimated([A+]))", decimals: 0 },
        ],
        period: { kind: "last-month" },
        chart: "none",
      };
    },
  },
  {
    key: "group-statistics",
    name: { ro: "Statistica energiilor unui grup", en: "Statistics of the energies of a group" },
    about: {
      ro: "Maxim, medie și total pentru energia activă și reactivă, cu momentul maximului.",
      en: "Greatest, mean and total of active and reactive energy, with the moment of the greatest.",
    },
    asks: "any",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "month",
        inputs: [input("A+"), input("A-"), input("R+"), input("R-")],
        columns: [
          { title: t("Total A+", "Total A+"), formula: "sum([A+])" },
          { title: t("Maxim A+", "Greatest A+"), formula: "maxof(power([A+]))" },
          { title: t("Maxim A+ la", "Greatest A+ at"), formula: "timeofmax([A+])" },
          { title: t("Medie A+", "Mean A+"), formula: "avg(power([A+]))" },
          { title: t("Total A−", "Total A−"), formula: "sum([A-])" },
          { title: t("Total R+", "Total R+"), formula: "sum([R+])" },
          { title: t("Total R−", "Total R−"), formula: "sum([R-])" },
        ],
        period: { kind: "this-year" },
        chart: "bar",
      };
    },
  },
  {
    key: "balance",
    name: {
      ro: "Balanța unui grup față de contoarele de balanță",
      en: "Balance of a group by its balance meters",
    },
    about: {
      ro: "Intrare, ieșire și pierderi pe zi, în kWh și procente.",
      en: "In, out and losses of each day, in kWh and percent.",
    },
    asks: "group",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "day",
        inputs: [input("In", "A+", "ask-balance"), input("Out", "A+")],
        columns: [
          { title: t("Intrare", "In"), formula: "sum([In])" },
          { title: t("Ieșire", "Out"), formula: "sum([Out])" },
          { title: t("Pierderi", "Losses"), formula: "sum([In]) - sum([Out])" },
          { title: t("Pierderi %", "Losses %"), formula: "ratio(sum([In]) - sum([Out]); sum([In]))" },
        ],
        period: { kind: "last-month" },
        chart: "bar",
      };
    },
  },
  {
    key: "transformers",
    name: { ro: "Performanța posturilor de transformare", en: "Performance of transformers" },
    about: {
      ro: "Pierderi, putere maximă și factor de umplere pentru fiecare grup.",
      en: "Losses, peak power and load factor of each group.",
    },
    asks: "any",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "subject",
        subjects: ["ask"],
        each: "group",
        inputs: [input("In", "A+", "row-balance"), input("Out", "A+", "row")],
        columns: [
          { title: t("Intrare", "In"), formula: "sum([In])" },
          { title: t("Pierderi", "Losses"), formula: "sum([In]) - sum([Out])" },
          { title: t("Pierderi %", "Losses %"), formula: "ratio(sum([In]) - sum([Out]); sum([In]))" },
          { title: t("Putere maximă", "Peak power"), formula: "maxof(power([In]))" },
          { title: t("Factor de umplere", "Load factor"), formula: "loadfactor([In])" },
        ],
        period: { kind: "last-month" },
        chart: "none",
      };
    },
  },
  {
    key: "peaks",
    name: { ro: "Vârfuri de consum pe punct", en: "Peak demand by point" },
    about: {
      ro: "Puterea maximă a fiecărui punct, momentul ei și intervalele peste 90 % din maxim.",
      en: "Greatest power of each point, its moment, and the intervals above 90 % of it.",
    },
    asks: "any",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "subject",
        subjects: ["ask"],
        each: "point",
        inputs: [input("A+", "A+", "row")],
        columns: [
          { title: t("Putere maximă", "Peak power"), formula: "maxof(power([A+]))" },
          { title: t("La", "At"), formula: "timeofmax([A+])" },
          {
            title: t("Intervale peste 90 %", "Intervals above 90 %"),
            formula: "count([A+] > 0,9 * maxof([A+]))",
            decimals: 0,
          },
          { title: t("P95", "P95"), formula: "percentile(power([A+]); 95)" },
        ],
        period: { kind: "last-month" },
        chart: "none",
      };
    },
  },
  {
    key: "before-after",
    name: { ro: "Pierderi înainte și după", en: "Losses before and after" },
    about: {
      ro: "Pierderile unui grup față de cele de acum patru săptămâni, în aceleași zile ale săptămânii.",
      en: "Losses of a group beside those of four weeks before, on the same weekdays.",
    },
    asks: "group",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "day",
        inputs: [input("In", "A+", "ask-balance"), input("Out", "A+")],
        columns: [
          { title: t("Pierderi", "Losses"), formula: "sum([In] - [Out])" },
          { title: t("Pierderi înainte", "Losses before"), formula: "sum(shift([In] - [Out]; -4w))" },
          { title: t("Pierderi %", "Losses %"), formula: "ratio(sum([In] - [Out]); sum([In]))" },
          {
            title: t("Înainte %", "Before %"),
            formula: "ratio(sum(shift([In] - [Out]; -4w)); sum(shift([In]; -4w)))",
          },
        ],
        period: { kind: "last-30-days" },
        chart: "line",
      };
    },
  },
  {
    key: "power-factor",
    name: { ro: "Factor de putere și energie reactivă", en: "Power factor and reactive energy" },
    about: {
      ro: "Factorul de putere al fiecărei zile și raportul dintre energia reactivă și cea activă.",
      en: "Power factor of each day, and reactive in percent of active energy.",
    },
    asks: "any",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "day",
        inputs: [input("A+"), input("R+")],
        columns: [
          { title: t("Energie activă", "Active energy"), formula: "sum([A+])" },
          { title: t("Energie reactivă", "Reactive energy"), formula: "sum([R+])" },
          { title: t("Factor de putere", "Power factor"), formula: "pf(sum([A+]); sum([R+]))", decimals: 3 },
        ],
        period: { kind: "last-month" },
        chart: "line",
      };
    },
  },
  {
    key: "prosumers",
    name: { ro: "Prosumatori: import, export, net", en: "Prosumers: import, export, net" },
    about: {
      ro: "Energia luată din rețea și livrată în rețea, pe fiecare zi.",
      en: "Energy taken from the network and given to it, each day.",
    },
    asks: "any",
    definition: (language) => {
      const t = say(language);
      return {
        rows: "day",
        inputs: [input("A+"), input("A-")],
        columns: [
          { title: t("Import", "Import"), formula: "sum([A+])" },
          { title: t("Export", "Export"), formula: "sum([A-])" },
          { title: t("Net", "Net"), formula: "sum([A+]) - sum([A-])" },
          {
            title: t("Intervale cu export", "Intervals with export"),
            formula: "count([A-] > 0)",
            decimals: 0,
          },
        ],
        period: { kind: "last-month" },
        chart: "bar",
      };
    },
  },
];

/** A template made for a subject: a group brings its balance meters where the template compares with them. */
export function templateFor(template: ReportTemplate, of: string, language: Language): ReportDefinition {
  const made = template.definition(language);
  const balance = of.startsWith("g") ? `m${of.slice(1)}` : of;
  return {
    ...made,
    ...(made.subjects ? { subjects: made.subjects.map((one) => (one === "ask" ? of : one)) } : {}),
    inputs: made.inputs.map((input) => ({
      ...input,
      of: input.of === "ask" ? of : input.of === "ask-balance" ? balance : input.of,
    })),
  };
}
