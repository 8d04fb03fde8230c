import type { RateCalendar } from "./calendar.ts";
import type { TariffComponent, TariffTerms } from "./terms.ts";

/** A version to begin with: its prices are examples and must be looked over. */
export interface TariffTemplate {
  readonly code: string;
  readonly name: string;
  readonly terms: TariffTerms;
}

const workWeek = (day: string, rest: string) => [day, day, day, day, day, rest, rest];

const oneRate: RateCalendar = {
  rates: ["T1"],
  dayProfiles: [{ id: "toate", switches: [{ minute: 0, rate: "T1" }] }],
  weeks: [{ id: "an", days: workWeek("toate", "toate") }],
  seasons: [{ from: "01-01", week: "an" }],
  specialDays: [],
};

/** Day from 7 to 22 on workdays; at all other times, on weekends and holidays night. */
const dayNight: RateCalendar = {
  rates: ["zi", "noapte"],
  dayProfiles: [
    {
      id: "lucru",
      switches: [
        { minute: 7 * 60, rate: "zi" },
        { minute: 22 * 60, rate: "noapte" },
      ],
    },
    { id: "repaus", switches: [{ minute: 0, rate: "noapte" }] },
  ],
  weeks: [{ id: "an", days: workWeek("lucru", "repaus") }],
  seasons: [{ from: "01-01", week: "an" }],
  specialDays: [],
  holidayProfile: "repaus",
};

const threeZoneDay = (id: string, eveningPeak: readonly [number, number]) => ({
  id,
  switches: [
    { minute: 6 * 60, rate: "normal" },
    { minute: 8 * 60, rate: "vârf" },
    { minute: 11 * 60, rate: "normal" },
    { minute: eveningPeak[0] * 60, rate: "vârf" },
    { minute: eveningPeak[1] * 60, rate: "normal" },
    { minute: 22 * 60, rate: "gol" },
  ],
});

/** Peak in the morning and in the evening, which comes later in summer. */
const threeZones: RateCalendar = {
  rates: ["vârf", "normal", "gol"],
  dayProfiles: [
    threeZoneDay("lucru iarna", [17, 21]),
    threeZoneDay("lucru vara", [19, 21]),
    { id: "repaus", switches: [{ minute: 0, rate: "gol" }] },
  ],
  weeks: [
    { id: "iarna", days: workWeek("lucru iarna", "repaus") },
    { id: "vara", days: workWeek("lucru vara", "repaus") },
  ],
  seasons: [
    { from: "04-01", week: "vara" },
    { from: "10-01", week: "iarna" },
  ],
  specialDays: [],
  holidayProfile: "repaus",
};

const perKwh = (code: string, name: string, price: string): TariffComponent => ({
  code,
  name,
  basis: { kind: "energy" },
  price,
});
const perRate = (rate: string, name: string, price: string): TariffComponent => ({
  code: `energie-${rate}`,
  name,
  basis: { kind: "rate", rate },
  price,
});

/** Regulated parts of a published account of 2025, low voltage. */
const regulated: readonly TariffComponent[] = [
  perKwh("distributie", "Distribuție", "0.350930"),
  perKwh("servicii-sistem", "Servicii de sistem", "0.012790"),
  perKwh("transport-tg", "Transport, introducere (TG)", "0.003290"),
  perKwh("transport-tl", "Transport, extragere (TL)", "0.033030"),
  perKwh("cogenerare", "Cogenerare de înaltă eficiență", "0.008400"),
  perKwh("cfd", "Contracte pentru diferență", "0.000206"),
  perKwh("certificate-verzi", "Certificate verzi", "0.0725416"),
  perKwh("acciza", "Acciză", "0.007240"),
];

const romanian = { currency: "RON", vatPercent: "21", registers: [] } as const;

/** What tariffs of Romania look like; hours and prices are settings. */
export const tariffTemplates: readonly TariffTemplate[] = [
  {
    code: "RO-CASNIC",
    name: "Casnic, un singur preț",
    terms: {
      ...romanian,
      calendar: oneRate,
      components: [perKwh("energie", "Energie activă", "0.45"), ...regulated],
    },
  },
  {
    code: "RO-ZI-NOAPTE",
    name: "Casnic, zi și noapte",
    terms: {
      ...romanian,
      calendar: dayNight,
      registers: [
        { rate: "zi", register: 1 },
        { rate: "noapte", register: 2 },
      ],
      components: [
        perRate("zi", "Energie activă, zi", "0.52"),
        perRate("noapte", "Energie activă, noapte", "0.31"),
        ...regulated,
      ],
    },
  },
  {
    code: "RO-3-ZONE",
    name: "Noncasnic, vârf, normal și gol, cu putere și energie reactivă",
    terms: {
      ...romanian,
      calendar: threeZones,
      registers: [
        { rate: "vârf", register: 1 },
        { rate: "normal", register: 2 },
        { rate: "gol", register: 3 },
      ],
      reactive: {
        neutralFactor: "0.90",
        secondFactor: "0.65",
        multiplier: "3",
        mode: "marginal",
        basePeriod: "hour",
      },
      components: [
        perRate("vârf", "Energie activă, vârf", "0.72"),
        perRate("normal", "Energie activă, normal", "0.51"),
        perRate("gol", "Energie activă, gol", "0.33"),
        { code: "putere", name: "Putere maximă", basis: { kind: "demand" }, price: "9.80" },
        {
          code: "reactiva",
          name: "Energie reactivă inductivă",
          basis: { kind: "reactive" },
          price: "0.0857",
        },
        ...regulated,
      ],
    },
  },
  {
    code: "RO-TRANSE",
    name: "Casnic, în tranșe de consum",
    terms: {
      ...romanian,
      calendar: oneRate,
      components: [
        {
          code: "energie",
          name: "Energie activă, în tranșe",
          basis: {
            kind: "blocks",
            ofDays: 30,
            blocks: [{ upToKwh: "100", price: "0.50" }, { upToKwh: "200", price: "0.70" }, { price: "1.00" }],
          },
        },
        { code: "abonament", name: "Abonament", basis: { kind: "day" }, price: "0.25" },
        ...regulated,
      ],
    },
  },
  {
    code: "RO-PROSUMATOR",
    name: "Prosumator, cu energia livrată plătită",
    terms: {
      ...romanian,
      calendar: oneRate,
      components: [
        perKwh("energie", "Energie activă", "0.45"),
        ...regulated,
        {
          code: "livrata",
          name: "Energie livrată în rețea",
          basis: { kind: "energy", side: "export" },
          price: "-0.40",
        },
      ],
    },
  },
];
