import { type TariffTerms, tariffFaults, tariffTemplates } from "@energsys/metering";
import { expect, test } from "vitest";

const terms = tariffTemplates.find(({ code }) => code === "RO-3-ZONE")!.terms;
const blocks = tariffTemplates.find(({ code }) => code === "RO-TRANSE")!.terms.components[0]!;

test.each(tariffTemplates.map(({ code, terms }) => [code, terms] as const))(
  "the template %s has no fault",
  (_, terms) => {
    expect(tariffFaults(terms)).toEqual([]);
  },
);

const withBlocks = (list: object[], ofDays = 30): Partial<TariffTerms> => ({
  components: [{ ...blocks, basis: { kind: "blocks", blocks: list as never, ofDays } }],
});

test.each<[string, string, Partial<TariffTerms>]>([
  ["tariff.bad-currency", "lei", { currency: "lei" }],
  ["tariff.bad-vat", "-1", { vatPercent: "-1" }],
  ["tariff.bad-vat", "21%", { vatPercent: "21%" }],
  ["tariff.bad-register", "vârf 0", { registers: [{ rate: "vârf", register: 0 }] }],
  ["tariff.unknown-rate", "T9", { registers: [{ rate: "T9", register: 1 }] }],
  [
    "tariff.bad-reactive",
    "",
    { reactive: { ...terms.reactive!, neutralFactor: "0.65", secondFactor: "0.90" } },
  ],
  ["tariff.no-reactive", "reactiva", { reactive: undefined }],
  ["tariff.twice", "putere", { components: [...terms.components, terms.components[3]!] }],
  ["tariff.bad-price", "x", { components: [{ code: "x", name: "x", basis: { kind: "day" }, price: "1,5" }] }],
  [
    "tariff.unknown-rate",
    "zi",
    { components: [{ code: "x", name: "x", basis: { kind: "rate", rate: "zi" }, price: "1" }] },
  ],
  [
    "tariff.percent-of",
    "x later",
    { components: [{ code: "x", name: "x", basis: { kind: "percent", of: ["later"] }, price: "1" }] },
  ],
  ["tariff.bad-blocks", "energie", withBlocks([])],
  ["tariff.bad-blocks", "energie", withBlocks([{ price: "1" }], 0)],
  ["tariff.bad-blocks", "energie", withBlocks([{ upToKwh: "100", price: "1" }])],
  [
    "tariff.bad-blocks",
    "energie",
    withBlocks([{ upToKwh: "200", price: "1" }, { upToKwh: "100", price: "1" }, { price: "1" }]),
  ],
  [
    "calendar.off-grid",
    "repaus",
    {
      calendar: {
        ...terms.calendar,
        dayProfiles: terms.calendar.dayProfiles.map((profile) =>
          profile.id === "repaus" ? { ...profile, switches: [{ minute: 7, rate: "gol" }] } : profile,
        ),
      },
    },
  ],
])("%s is found at %s", (code, at, change) => {
  const components = change.components?.filter(({ basis }) => basis.kind !== "rate") ?? terms.components;
  expect(tariffFaults({ ...terms, components, ...change })).toContainEqual(
    expect.objectContaining({ code, at }),
  );
});

test("a fault names the part of the version, down to the field", () => {
  const [winter, ...others] = terms.calendar.dayProfiles;
  const faulty: TariffTerms = {
    ...terms,
    calendar: {
      ...terms.calendar,
      dayProfiles: [
        {
          ...winter!,
          switches: [
            { minute: 0, rate: "gol" },
            { minute: 1500, rate: "" },
          ],
        },
        ...others,
      ],
      seasons: [...terms.calendar.seasons, { from: "02-30", week: "" }],
    },
    components: [
      { ...terms.components[0]!, name: " " },
      {
        ...blocks,
        basis: { kind: "blocks", ofDays: 30, blocks: [{ upToKwh: "100", price: "x" }, { price: "1" }] },
      },
      { code: "p", name: "p", basis: { kind: "percent", of: [] }, price: "5" },
    ],
  };
  expect(tariffFaults(faulty).map(({ code, path }) => `${code} ${path}`)).toEqual([
    "calendar.bad-minute /calendar/dayProfiles/0/switches/1/minute",
    "calendar.unknown-rate /calendar/dayProfiles/0/switches/1/rate",
    "calendar.bad-date /calendar/seasons/2/from",
    "calendar.unknown-week /calendar/seasons/2/week",
    "tariff.no-name /components/0/name",
    "tariff.bad-blocks /components/1/basis/blocks/0/price",
    "tariff.percent-of /components/2/basis/of",
  ]);
});
