import Type, { type Static } from "typebox";
import { closed, Id, Instant, InstantOrNull, named, OneOf, Text, Whole, Yes } from "./basics.ts";

export const subscriberKinds = ["household", "organisation"] as const;
export const subscriberSorts = ["name", "number"] as const;

const Kind = OneOf(subscriberKinds, "household: a person at home; organisation: whoever else");

/** What people type in. */
const given = {
  kind: Kind,
  number: Text("The operator's number of the customer, unique", { minLength: 1, maxLength: 40 }),
  name: Text("Name", { minLength: 1, maxLength: 200 }),
  phone: Text("Telephone; empty when unknown", { maxLength: 40 }),
  email: Text("E-mail; empty when unknown", { maxLength: 200 }),
  address: Text("Where letters go; empty when it is the point's", { maxLength: 300 }),
};
const { address: _, ...listed } = given;

export const SubscriberGiven = Type.Object(given, closed);
export const SubscriberChanged = Type.Object(
  {
    ...given,
    seen: Text("`version` of the data that are changed: what somebody changed since stays", {
      maxLength: 40,
    }),
  },
  closed,
);

export const contractSchema = named(
  "Contract",
  Type.Object(
    {
      contractId: Id("Contract"),
      number: Text("Its number; empty when it is erased"),
      subscriberId: Id("Subscriber"),
      subscriber: Text("Name of the subscriber; empty when it is erased"),
      pointId: Id("Point of measure"),
      pod: Text("POD code of the point"),
      from: Instant("Begins at, included"),
      to: InstantOrNull("Ends at, not included; null while it runs"),
    },
    closed,
  ),
);
export type Contract = Static<typeof contractSchema.whole>;

export const subscriberSchema = named(
  "Subscriber",
  Type.Object(
    {
      subscriberId: Id("Subscriber"),
      ...given,
      number: Text("The operator's number of the customer, unique; empty when it is erased"),
      name: Text("Name; empty when it is erased"),
      version: Text("Another text after every change of the data"),
      on: InstantOrNull("The instant that was asked for; null: now"),
      from: InstantOrNull("Since when these data hold; null: as long as they are known"),
      erasedAt: InstantOrNull("When what named them was erased: the texts are empty since"),
      contracts: Type.Array(contractSchema.reference, {
        description: "At the points that one may see, the newest first; of a day those that held then",
      }),
      versions: Type.Array(
        Type.Object(
          {
            ...given,
            number: Text("Number; empty when the name alone was kept"),
            from: InstantOrNull("Held from; null: as long as they are known"),
            to: Instant("Until"),
            endedBy: Text("Who made the change that ended it; empty when that was not kept"),
          },
          closed,
        ),
        { description: "What the data were before, the newest first; none once they are erased" },
      ),
    },
    closed,
  ),
);

const SubscriberRow = Type.Object(
  { subscriberId: Id("Subscriber"), ...listed, running: Whole("Contracts that run now") },
  closed,
);

const filter = {
  q: Type.Optional(
    Text("Part of name, number, telephone, mail, address or contract; several words must all occur", {
      maxLength: 200,
    }),
  ),
  sort: Type.Optional(OneOf(subscriberSorts, "Order of the rows; name when absent")),
  descending: Type.Optional(Yes("Last first")),
};
export const SubscriberListQuery = Type.Object(
  {
    ...filter,
    offset: Type.Optional(Whole("Rows to skip", { minimum: 0, maximum: 10_000_000 })),
    limit: Type.Optional(Whole("Rows to give; 100 when absent", { minimum: 1, maximum: 500 })),
  },
  closed,
);
export const SubscriberExportQuery = Type.Object(filter, closed);
export const SubscriberList = Type.Object(
  { total: Whole("Subscribers that match"), rows: Type.Array(SubscriberRow) },
  closed,
);
export const SubscriberParams = Type.Object({ subscriberId: Id("Subscriber") }, closed);
export const SubscriberRecordParams = Type.Object(
  { subscriberId: Id("Subscriber"), format: OneOf(["csv", "xlsx", "pdf"], "Kind of file") },
  closed,
);
export const ContractParams = Type.Object({ contractId: Id("Contract") }, closed);
export const ContractList = Type.Object(
  { rows: Type.Array(contractSchema.reference, { description: "The newest first" }) },
  closed,
);

const reason = Text("Why; stands in the activity log", { minLength: 3, maxLength: 500 });
export const ContractStart = Type.Object(
  {
    number: Text("Number of the contract, unique", { minLength: 1, maxLength: 60 }),
    from: Instant("Begins at; the contract that runs at the point ends then"),
    subscriberId: Type.Optional(Id("Somebody who is known")),
    subscriber: Type.Optional(SubscriberGiven),
  },
  { ...closed, description: "With either `subscriberId` or `subscriber`" },
);
export const ContractStarted = Type.Object(
  {
    contractId: Id("The new contract"),
    subscriberId: Id("Whose it is"),
    endedContractId: Type.Union([Id("The contract that it ended"), Type.Null()]),
  },
  closed,
);
export const ContractEnd = Type.Object({ at: Instant("Ends at"), reason }, closed);
export const ContractTakenBack = Type.Object({ reason }, closed);
