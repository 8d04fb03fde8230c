import {
  accuracyClasses,
  enteredMeterStates,
  meterConnections,
  meterSorts,
  meterStates,
  verificationKinds,
} from "@energsys/store";
import Type, { type Static } from "typebox";
import {
  closed,
  Day,
  day,
  Id,
  Instant,
  InstantOrNull,
  named,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";

const reason = Text("Why; stands in the log", { minLength: 3, maxLength: 500 });
const DayOrNull = (description: string) =>
  Type.Unsafe<string | null>({ type: ["string", "null"], description: `${description} (market-local date)` });
const GivenDayOrNull = (description: string) =>
  Type.Unsafe<string | null>({
    type: ["string", "null"],
    pattern: day,
    format: "date",
    maxLength: 10,
    description,
  });
/** A positive decimal of at most so many digits, or null when it is not known. */
const Amount = (description: string) =>
  Type.Unsafe<string | null>({
    type: ["string", "null"],
    pattern: "^(?!0+(\\.0+)?$)\\d{1,6}(\\.\\d{1,4})?$",
    maxLength: 12,
    description: `${description}, exact decimal; null when not known`,
  });

const facts = {
  model: Text("Name of the meter model: how it is read", { minLength: 1, maxLength: 60 }),
  phases: Type.Unsafe<1 | 3>({ type: "integer", enum: [1, 3], description: "Phases" }),
  connection: OneOf(meterConnections, "Connected directly, or behind transformers"),
  accuracyClass: OneOf(accuracyClasses, "Class of active energy (EN 50470 or IEC 62053)"),
  ledPulsesPerKwh: Amount("Flashes of the light on the front per kWh"),
  outputPulseWh: Amount("Wh that a pulse of the output stands for"),
  referenceVoltageV: Amount("Reference voltage between a phase and neutral, V: 230 of 3x230/400 V"),
  maxVoltageV: Amount("Highest voltage that it stands between a phase and neutral, V"),
  referenceCurrentA: Amount("Reference current, A"),
  maxCurrentA: Amount("Maximum current, A"),
  indexDigits: Whole("Digits before the decimal point of the index", { minimum: 4, maximum: 15 }),
  indexDecimals: Whole("Digits behind it", { minimum: 0, maximum: 6 }),
  relay: Yes("Switches the supply"),
  loadProfile: Yes("Keeps a load profile"),
  tariffs: Whole("Rates that it can keep", { minimum: 1, maximum: 63 }),
  verificationYears: Type.Unsafe<number | null>({
    type: ["integer", "null"],
    minimum: 1,
    maximum: 50,
    description: "Years that a first verification holds; null when not known",
  }),
};
const manufacturer = Text("Manufacturer", { minLength: 1, maxLength: 120 });
const typeName = Text("Name of the type", { minLength: 1, maxLength: 120 });

const certificate = {
  number: Text("Number of the MID certificate", { minLength: 1, maxLength: 60 }),
  body: Text("Notified body, such as KEMA (0122)", { minLength: 1, maxLength: 120 }),
  year: Whole("Year of the certificate", { minimum: 1990, maximum: 2100 }),
};
export const MeterTypeCertificate = Type.Object(
  {
    ...certificate,
    validFrom: Day("Valid from"),
    validTo: DayOrNull("Valid until, not included; null: open"),
  },
  closed,
);
export const CertificateGiven = Type.Object(
  {
    ...certificate,
    validFrom: Day("Valid from; a certificate that is open ends then"),
    validTo: GivenDayOrNull("Valid until, not included; null: open"),
  },
  closed,
);

export const MeterTypeList = Type.Object(
  {
    models: Type.Array(Type.String(), { description: "Meter models that a type may be read by" }),
    rows: Type.Array(
      Type.Object(
        {
          meterTypeId: Id("Type"),
          manufacturer,
          name: typeName,
          ...facts,
          certificate: Type.Union([MeterTypeCertificate, Type.Null()], {
            description: "Valid on that day; null: none is",
          }),
          meters: Whole("Meters of the type, wherever they are"),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const AtQuery = Type.Object(
  { at: Type.Optional(Instant("As it was at this instant; now when absent")) },
  closed,
);
export const MeterTypeParams = Type.Object({ meterTypeId: Id("Type") }, closed);
export const meterTypeSchema = named(
  "MeterType",
  Type.Object(
    {
      meterTypeId: Id("Type"),
      manufacturer,
      name: typeName,
      meters: Whole("Meters of the type, wherever they are"),
      versions: Type.Array(
        Type.Object(
          {
            ...facts,
            from: Instant("Known to be so from"),
            to: InstantOrNull("Until, not included; null: still"),
            reason: Text("Why it was entered"),
            by: Text("Who entered it"),
          },
          closed,
        ),
        { description: "What was known of it, the newest first" },
      ),
      certificates: Type.Array(MeterTypeCertificate, { description: "The newest first" }),
    },
    closed,
  ),
);
export const MeterTypeGiven = Type.Object({ manufacturer, name: typeName, ...facts, reason }, closed);
export const MeterTypeChange = Type.Object(
  {
    ...facts,
    from: Type.Optional(Instant("Known to be so from; now when absent")),
    reason,
  },
  closed,
);
export const MeterTypeAdded = Type.Object({ meterTypeId: Id("The new type") }, closed);

const state = OneOf(
  meterStates,
  "installed and removed follow from installations; unknown: nothing is known",
);
const filter = {
  q: Type.Optional(
    Text("Part of serial number, manufacturer, type or place; several words must all occur", {
      maxLength: 200,
    }),
  ),
  state: Type.Optional(state),
  type: Type.Optional(Id("Of this type")),
  dueBefore: Type.Optional(
    Day("Only what no verification covers on that day and is not scrapped, also where nothing is known"),
  ),
  sort: Type.Optional(OneOf(meterSorts, "Order of the rows; serial when absent")),
  descending: Type.Optional(Yes("Last first")),
};
export const MeterListQuery = Type.Object(
  {
    ...filter,
    offset: Type.Optional(Whole("Rows to skip", { minimum: 0, maximum: 10_000_000 })),
    limit: Type.Optional(Whole("Rows to give; 100 when absent", { minimum: 1, maximum: 500 })),
  },
  closed,
);
export const MeterExportQuery = Type.Object(filter, closed);
export const MeterList = Type.Object(
  {
    total: Whole("Meters that match"),
    rows: Type.Array(
      Type.Object(
        {
          meterId: Id("Meter"),
          serial: Text("Serial number"),
          manufacturer: Text("Manufacturer"),
          model: Text("Meter model: how it is read"),
          meterTypeId: WholeOrNull("Type of the catalogue"),
          typeName: TextOrNull("Its name"),
          midYear: WholeOrNull("Year on the plate"),
          state,
          since: InstantOrNull("In this state since"),
          place: Text("Where it lies; empty when it stands at a point, or is not known"),
          pointId: WholeOrNull("The point where it stands"),
          dueOn: DayOrNull("Until when its verification holds; null when nothing says so"),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const MeterParams = Type.Object({ meterId: Id("Meter") }, closed);
const verification = {
  kind: OneOf(verificationKinds, "Why it was verified"),
  passed: Yes("It may be used"),
  laboratory: Text("Laboratory", { minLength: 1, maxLength: 120 }),
  document: Text("Number of the bulletin", { minLength: 1, maxLength: 60 }),
  note: Text("What else is to be said", { maxLength: 500 }),
};
export const meterSchema = named(
  "Meter",
  Type.Object(
    {
      meterId: Id("Meter"),
      manufacturer: Text("Manufacturer"),
      serial: Text("Serial number"),
      model: Text("Meter model: how it is read"),
      phases: Whole("Phases"),
      maxCurrentA: TextOrNull("Maximum current, A"),
      indexDigits: Whole("Digits before the decimal point of the index"),
      midYear: WholeOrNull("Year on the plate"),
      meterTypeId: WholeOrNull("Type of the catalogue"),
      typeName: TextOrNull("Its name"),
      on: InstantOrNull("The instant that was asked for; null: now"),
      state,
      next: Type.Array(OneOf(enteredMeterStates, "A state"), {
        description: "States that may be entered now; none of a meter as it was",
      }),
      dueOn: DayOrNull("Until when its verification holds; null when nothing says so"),
      life: Type.Array(
        Type.Object(
          {
            state,
            from: Instant("From"),
            to: InstantOrNull("Until, not included; null: still"),
            pointId: WholeOrNull("Where it stood, when that is of one's branches"),
            pod: TextOrNull("POD code of the point"),
            place: Text("Store, laboratory or workshop"),
            reason: Text("Why; empty for what follows from installations"),
            by: Text("Who entered it"),
          },
          closed,
        ),
        { description: "The newest first" },
      ),
      verifications: Type.Array(
        Type.Object(
          {
            meterVerificationId: Id("Verification"),
            verifiedOn: Day("Day of the verification"),
            ...verification,
            validUntil: DayOrNull("Holds until; null when it failed"),
            by: Text("Who entered it"),
            withdrawnBy: TextOrNull("Who withdrew it; null: it holds"),
            withdrawnAt: InstantOrNull("When"),
            withdrawnWhy: TextOrNull("Why"),
          },
          closed,
        ),
        { description: "The newest first, withdrawn ones included" },
      ),
      tests: Type.Array(
        Type.Object(
          {
            meterTestId: Id("Test"),
            from: Instant("Since when the meter was under test"),
            to: InstantOrNull("Until then, excluded; null while it goes on"),
            reason: Text("Why"),
            by: Text("Who entered it"),
            withdrawnBy: TextOrNull("Who withdrew it; null: it holds"),
            withdrawnAt: InstantOrNull("When"),
            withdrawnWhy: TextOrNull("Why"),
          },
          closed,
        ),
        { description: "Times under test, the newest first, withdrawn ones included" },
      ),
    },
    closed,
  ),
);
export type MeterAnswer = Static<typeof meterSchema.whole>;

const midYear = Type.Unsafe<number | null>({
  type: ["integer", "null"],
  minimum: 1950,
  maximum: 2100,
  description: "Year on the plate; null when not known",
});
const place = Text("Store, laboratory or workshop", { maxLength: 120 });
export const MeterGiven = Type.Object(
  {
    meterTypeId: Id("Type of the catalogue"),
    serial: Text("Serial number", { minLength: 1, maxLength: 60 }),
    midYear,
    state: OneOf(["manufacturing", "stock"], "Where its life begins here"),
    at: Instant("From"),
    place,
    reason,
  },
  closed,
);
export const MeterAdded = Type.Object({ meterId: Id("The new meter") }, closed);
export const MeterTypeOfMeter = Type.Object(
  { meterTypeId: Id("Type of the catalogue"), midYear, reason },
  closed,
);
export const MeterStateGiven = Type.Object(
  { state: OneOf(enteredMeterStates, "The state that begins"), at: Instant("From"), place, reason },
  closed,
);
export const MeterTestGiven = Type.Object(
  {
    from: Instant("Since when the meter was under test"),
    to: InstantOrNull("Until then, excluded; null while it goes on"),
    reason,
  },
  closed,
);
export const MeterTestAdded = Type.Object({ meterTestId: Id("The new test") }, closed);
export const MeterTestParams = Type.Object({ meterId: Id("Meter"), meterTestId: Id("Test") }, closed);
export const MeterTestEnd = Type.Object({ at: Instant("When it ended"), reason }, closed);
export const MeterTestWithdrawn = Type.Object({ reason }, closed);
export const VerificationGiven = Type.Object(
  {
    verifiedOn: Day("Day of the verification"),
    ...verification,
    validUntil: GivenDayOrNull("Holds until; null when it failed"),
  },
  closed,
);
export const VerificationAdded = Type.Object({ meterVerificationId: Id("The new verification") }, closed);
export const VerificationParams = Type.Object(
  { meterId: Id("Meter"), meterVerificationId: Id("Verification") },
  closed,
);
export const VerificationWithdrawn = Type.Object({ reason }, closed);

export const MeterImportGiven = Type.Object(
  {
    text: Text("The list as CSV, its first line naming the columns", { minLength: 1, maxLength: 4_000_000 }),
    apply: Yes("Take them in; otherwise only say what it would do"),
    reason,
  },
  closed,
);
export const MeterImported = Type.Object(
  {
    applied: Yes("They are taken in"),
    added: Whole("New meters"),
    known: Whole("Known already"),
    verifications: Whole("Verifications"),
    faults: Type.Array(
      Type.Object({ line: Whole("Line of the file"), code: Text("What is wrong with it") }, closed),
      { description: "Nothing is taken in while there are some" },
    ),
  },
  closed,
);
