import { simStates } from "@energsys/store";
import Type from "typebox";
import {
  closed,
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
const window = {
  offset: Type.Optional(Whole("Rows to skip", { minimum: 0, maximum: 10_000_000 })),
  limit: Type.Optional(Whole("Rows to give; 100 when absent", { minimum: 1, maximum: 500 })),
};
const dated = {
  from: Instant("From"),
  to: InstantOrNull("Until, not included; null: still"),
  reason: Text("Why"),
  by: Text("Who entered it"),
};
const endedBy = TextOrNull("Who entered its end");

const modemFacts = {
  serial: Text("Serial number", { minLength: 1, maxLength: 60 }),
  imei: Type.Unsafe<string | null>({
    type: ["string", "null"],
    pattern: "^\\d{15}$",
    maxLength: 15,
    description: "IMEI; null: not known",
  }),
  type: Text("Type, such as 4G Cat 1", { minLength: 1, maxLength: 120 }),
  note: Text("What else is to be said", { maxLength: 500 }),
};
const modemRow = {
  modemId: Id("Modem"),
  serial: Text("Serial number"),
  imei: TextOrNull("IMEI"),
  type: Text("Type"),
  note: Text("What else is to be said"),
  gatewayId: WholeOrNull("The concentrator that it serves"),
  meterId: WholeOrNull("The meter that it serves"),
  serves: TextOrNull("Name of the concentrator, or serial number of the meter; null: it lies in the store"),
  since: InstantOrNull("Since when it serves that"),
  simId: WholeOrNull("The card in it"),
  iccid: TextOrNull("Its ICCID"),
};
export const ModemListQuery = Type.Object(
  {
    q: Type.Optional(
      Text("Part of serial number, IMEI, type, device or card; several words must all occur", {
        maxLength: 200,
      }),
    ),
    ...window,
  },
  closed,
);
export const ModemList = Type.Object(
  { total: Whole("Modems that match"), rows: Type.Array(Type.Object(modemRow, closed)) },
  closed,
);
export const ModemParams = Type.Object({ modemId: Id("Modem") }, closed);
export const ModemGiven = Type.Object({ ...modemFacts, reason }, closed);
export const ModemAdded = Type.Object({ modemId: Id("The new modem") }, closed);
export const modemSchema = named(
  "Modem",
  Type.Object(
    {
      ...modemRow,
      on: InstantOrNull("As which instant what is dated is given; null: now"),
      placements: Type.Array(
        Type.Object(
          {
            gatewayId: WholeOrNull("Concentrator"),
            meterId: WholeOrNull("Meter"),
            serves: Text("Its name or serial number"),
            ...dated,
            endedBy,
          },
          closed,
        ),
        { description: "What it served, of one's branches, the newest first" },
      ),
      cards: Type.Array(Type.Object({ simId: Id("Card"), iccid: Text("ICCID"), ...dated, endedBy }, closed), {
        description: "Cards that sat in it, the newest first",
      }),
    },
    closed,
  ),
);
const target = (description: string) =>
  Type.Unsafe<number | null>({
    type: ["integer", "null"],
    minimum: 1,
    maximum: 2_147_483_647,
    description,
  });
export const ModemPlaced = Type.Object(
  {
    gatewayId: target("Concentrator that it serves from then on"),
    meterId: target("Meter that it serves; both null: it lies in the store"),
    at: Instant("From then on"),
    reason,
  },
  closed,
);

const state = OneOf(simStates, "What its operator does with it");
const simFacts = {
  iccid: Text("ICCID, as on the card", { pattern: "^\\d{18,20}$", maxLength: 20 }),
  operator: Text("Operator of the telephone network", { minLength: 1, maxLength: 60 }),
  apn: Text("Access point", { maxLength: 100 }),
  dataPlan: Text("Data plan", { maxLength: 100 }),
  msisdn: Text("Its telephone number; empty when not known", {
    pattern: "^$|^\\+?\\d{4,15}$",
    maxLength: 16,
  }),
};
const simRow = {
  simId: Id("Card"),
  iccid: Text("ICCID"),
  operator: Text("Operator"),
  apn: Text("Access point"),
  dataPlan: Text("Data plan"),
  msisdn: Text("Its telephone number; empty when not known"),
  hasPin: Yes("Its PIN is kept; no call gives it"),
  state,
  modemId: WholeOrNull("The modem in which it sits"),
  modem: TextOrNull("Its serial number"),
  since: InstantOrNull("Since when it sits there"),
};
export const SimListQuery = Type.Object(
  {
    q: Type.Optional(
      Text("Part of ICCID, operator, access point or modem; several words must all occur", {
        maxLength: 200,
      }),
    ),
    state: Type.Optional(state),
    ...window,
  },
  closed,
);
export const SimList = Type.Object(
  { total: Whole("Cards that match"), rows: Type.Array(Type.Object(simRow, closed)) },
  closed,
);
export const SimParams = Type.Object({ simId: Id("Card") }, closed);
const pin = Type.Unsafe<string | null>({
  type: ["string", "null"],
  pattern: "^\\d{4,8}$",
  maxLength: 8,
  description: "PIN, kept sealed; null: it has none",
});
export const SimGiven = Type.Object(
  { ...simFacts, pin: Type.Optional(pin), state, at: Instant("In this state from then on"), reason },
  closed,
);
export const SimChange = Type.Object({ ...simFacts, pin: Type.Optional(pin), reason }, closed);
export const SimAdded = Type.Object({ simId: Id("The new card") }, closed);
export const simSchema = named(
  "Sim",
  Type.Object(
    {
      ...simRow,
      on: InstantOrNull("As which instant what is dated is given; null: now"),
      states: Type.Array(Type.Object({ state, ...dated }, closed), { description: "The newest first" }),
      placements: Type.Array(
        Type.Object({ modemId: Id("Modem"), modem: Text("Its serial number"), ...dated, endedBy }, closed),
        { description: "Modems in which it sat, the newest first" },
      ),
    },
    closed,
  ),
);
export const SimStateGiven = Type.Object({ state, at: Instant("From then on"), reason }, closed);
export const SimPlaced = Type.Object(
  {
    modemId: target("Modem in which it sits from then on; null: in none"),
    at: Instant("From then on"),
    reason,
  },
  closed,
);

export const ModemImportGiven = Type.Object(
  {
    text: Text("The file as text, CSV with a head line", { minLength: 1, maxLength: 5_000_000 }),
    apply: Yes("Takes it in when nothing is wrong; otherwise it is only checked"),
    reason,
  },
  closed,
);
export const ModemImported = Type.Object(
  {
    applied: Yes("It was taken in"),
    modems: Whole("Modems that are new"),
    sims: Whole("Cards that are new"),
    placed: Whole("Cards put into modems and modems put to devices"),
    faults: Type.Array(
      Type.Object({ line: Whole("Line of the file"), code: Text("What is wrong") }, closed),
      { maxItems: 1_000 },
    ),
  },
  closed,
);
