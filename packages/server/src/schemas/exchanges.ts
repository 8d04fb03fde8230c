import { doubtWords, photoBytesMax, refusalWords } from "@energsys/store";
import Type from "typebox";
import {
  closed,
  Decimal,
  Id,
  Instant,
  InstantOrNull,
  NumberOrNull,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";

const ratio = { pattern: "^\\d{1,6}(\\.\\d{1,6})?$" };
const constant = { pattern: "^\\d{1,8}(\\.\\d{1,6})?$" };

const reading = Type.Object(
  {
    obis: Text("Register, OBIS code in full", { pattern: "^1-\\d{1,3}:\\d{1,3}\\.8\\.\\d{1,3}\\*255$" }),
    value: Text("What it showed, exact decimal", { pattern: "^\\d{1,12}(\\.\\d{1,6})?$" }),
    unit: OneOf(["Wh", "kWh", "varh", "kvarh", "VAh", "kVAh"], "Unit in which it shows"),
  },
  closed,
);
const readings = (description: string) => Type.Array(reading, { maxItems: 24, description });

const asked = {
  at: Instant("When the one was taken down and the other put up"),
  meter: Type.Object(
    {
      serial: Text("Serial number of the meter that is put up", { minLength: 1, maxLength: 60 }),
      manufacturer: Type.Optional(
        Text("Its manufacturer; absent: the one meter with this serial", { minLength: 1, maxLength: 60 }),
      ),
      model: Type.Optional(
        Text("Meter model; with the plate for a meter that nobody knows yet", {
          minLength: 1,
          maxLength: 60,
        }),
      ),
      phases: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(3)], { description: "1 or 3" })),
      maxCurrentA: Type.Optional(
        Type.Number({ exclusiveMinimum: 0, maximum: 10_000, description: "Imax, A" }),
      ),
      indexDigits: Type.Optional(Whole("Digits of the index before the point", { minimum: 4, maximum: 15 })),
    },
    closed,
  ),
  last: readings("What the registers of the meter that goes showed last"),
  first: readings("What the registers of the one that comes showed first"),
  ledPulsesPerKwh: Type.Optional(Text("Pulses of the light on its front for a kWh", constant)),
  outputPulseWh: Type.Optional(Text("Wh of a pulse of its output", constant)),
  identity: Type.Optional(
    Text("How the new meter names itself, where it is read at the old one's address", {
      minLength: 1,
      maxLength: 100,
    }),
  ),
};

export const ExchangeCheckBody = Type.Object(asked, closed);
export const ExchangeBody = Type.Object(
  {
    ...asked,
    ratios: Type.Optional(
      Type.Object(
        {
          ctRatio: Text("Ratio of the current transformers, exact decimal", ratio),
          vtRatio: Text("Ratio of the voltage transformers, exact decimal", ratio),
          primaryValues: Yes("The meter shows primary values: the ratios are not applied"),
        },
        {
          ...closed,
          description:
            "Other ratios with the new meter: they wait for a second person, the exchange does not",
        },
      ),
    ),
    fittedBy: Text("Who exchanged them", { minLength: 1, maxLength: 200 }),
    reason: Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 }),
    accepted: Type.Array(Text("Name of a doubt"), {
      maxItems: 60,
      description: "Doubts of the check that are as they should be",
    }),
  },
  closed,
);

const values = (description: string) => Type.Array(Type.Union([Type.Number(), Type.Null()]), { description });

export const ExchangeCheck = Type.Object(
  {
    oldSerial: TextOrNull("Meter that stands there"),
    stock: Type.Union(
      [Type.Object({ manufacturer: Text("Manufacturer"), model: Text("Meter model") }, closed), Type.Null()],
      { description: "The meter that comes, where the stock has it" },
    ),
    findings: Type.Array(
      Type.Object(
        {
          word: OneOf([...refusalWords, ...doubtWords], "What is wrong or doubtful"),
          refused: Yes("It cannot be made; otherwise whoever makes it has to accept this"),
          obis: TextOrNull("Register that it is about"),
          value: TextOrNull("Reading before, the most that is possible, or how many"),
          unit: TextOrNull("Its unit"),
          at: InstantOrNull("Instant that it is about"),
        },
        closed,
      ),
    ),
    doubts: Type.Array(Text("Name"), { description: "Names of the doubts, to be given as accepted" }),
    steps: Type.Array(
      Type.Object(
        {
          obis: Text("Register"),
          unit: Text("Unit"),
          before: Type.Union([Decimal("Reading before"), Type.Null()]),
          beforeAt: InstantOrNull("When that was read"),
          last: Decimal("What it showed last"),
          energy: Type.Union([Decimal("What it counted since, times the factor"), Type.Null()]),
        },
        closed,
      ),
      { description: "What the old meter counted up to its end" },
    ),
    effects: Type.Array(
      Type.Object(
        {
          obis: Text("Quantity of the point"),
          unit: Text("Unit"),
          scale: Whole("Power of ten of the integers"),
          periodSeconds: Whole("Length of an interval, s"),
          start: Instant("First of the intervals"),
          before: values("As they are"),
          after: values("As they would be"),
          flags: Type.Array(Whole("Quality bits"), { description: "Quality as it would be" }),
          straddle: WholeOrNull("Place of the interval that both meters share"),
          sumBefore: Type.Number({ description: "Energy from that day on, as it is" }),
          sumAfter: Type.Number({ description: "As it would be" }),
          missing: Whole("Intervals around the exchange without a value"),
          days: Whole("Days that were worked out"),
        },
        closed,
      ),
      { description: "What the measured energy of the point would become" },
    ),
  },
  closed,
);

export const ExchangeMade = Type.Object(
  {
    exchangeId: Id("Exchange"),
    requestId: WholeOrNull("Request for other ratios that waits for somebody"),
    days: Whole("Days whose energy was derived again"),
  },
  closed,
);

export const ExchangeParams = Type.Object({ exchangeId: Id("Exchange") }, closed);
export const PhotoParams = Type.Object({ photoId: Id("Picture") }, closed);
export const ExchangeUndoBody = Type.Object(
  { reason: Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 }) },
  closed,
);
export const ExchangeUndone = Type.Object({ days: Whole("Days whose energy was derived again") }, closed);

export const PhotoBody = Type.Object(
  {
    fileName: Text("Name of the file", { minLength: 1, maxLength: 200 }),
    content: Text("JPEG, PNG or WebP of 4 MiB at most, as base64", {
      minLength: 4,
      maxLength: Math.ceil(photoBytesMax / 3) * 4,
      pattern: "^[A-Za-z0-9+/]+={0,2}$",
    }),
  },
  closed,
);
export const PhotoAdded = Type.Object({ photoId: Id("Picture"), sha256: Text("Its hash, hex") }, closed);

const stored = Type.Object(
  { obis: Text("Register"), value: Decimal("What it showed"), unit: Text("Unit") },
  closed,
);

export const ExchangeList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          exchangeId: Id("Exchange"),
          at: Instant("When"),
          oldSerial: Text("Meter that went"),
          newSerial: Text("Meter that came"),
          last: Type.Array(stored),
          first: Type.Array(stored),
          fittedBy: Text("Who exchanged them"),
          reason: Text("Why"),
          doubts: Type.Array(Text("Doubt that was accepted")),
          madeBy: Text("Who entered it"),
          madeAt: Instant("When it was entered"),
          requestId: NumberOrNull("Request for other ratios that came of it"),
          days: WholeOrNull("Days whose energy was derived again; null while that goes on"),
          undoneBy: TextOrNull("Who took it back"),
          undoneAt: InstantOrNull("When"),
          undoReason: TextOrNull("Why"),
          photos: Type.Array(
            Type.Object(
              {
                photoId: Id("Picture"),
                fileName: Text("Name of the file"),
                media: Text("Media type"),
                sha256: Text("Hash, hex"),
                sizeBytes: Whole("Size, bytes"),
                addedBy: Text("Who added it"),
                addedAt: Instant("When"),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);
