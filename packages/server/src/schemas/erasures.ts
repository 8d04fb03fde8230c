import Type, { type Static } from "typebox";
import { closed, Id, Instant, InstantOrNull, named, OneOf, Text, TextOrNull, Whole, Yes } from "./basics.ts";

export const ErasureParams = Type.Object({ erasureId: Id("Request for an erasure") }, closed);

export const ErasureAsked = Type.Object(
  {
    reason: Text("Why, without naming the person: it stands in the activity log, which keeps everything", {
      minLength: 3,
      maxLength: 500,
    }),
  },
  closed,
);
export const ErasureMade = Type.Object({ erasureId: Id("Request") }, closed);

export const ErasureDecision = Type.Object(
  {
    confirm: Yes("The data are erased, which cannot be taken back; otherwise the request is refused"),
    note: Type.Optional(
      Text("What the other one should know, without naming the person", { maxLength: 500 }),
    ),
  },
  closed,
);
export const ErasureDecided = Type.Object(
  {
    state: OneOf(["erased", "refused"], "What became of it"),
    points: Whole("Points that were called by the subscriber's name, and have none now"),
  },
  closed,
);

export const ErasureQuery = Type.Object(
  {
    subscriberId: Type.Optional(Id("Only of this subscriber")),
    open: Type.Optional(Type.Boolean({ description: "Only those that wait for somebody" })),
    limit: Type.Optional(Whole("At most so many", { minimum: 1, maximum: 500, default: 100 })),
  },
  closed,
);

export const erasureSchema = named(
  "Erasure",
  Type.Object(
    {
      erasureId: Id("Request"),
      subscriberId: Id("Whose data"),
      subscriber: Text("Their name; empty once it is erased"),
      reason: Text("Why"),
      requestedBy: Text("Who asked"),
      requestedAt: Instant("When"),
      own: Yes("Who looks asked for it"),
      state: OneOf(["asked", "withdrawn", "refused", "erased"], "asked: it waits for another person"),
      decidedBy: TextOrNull("Who confirmed, refused or withdrew it"),
      decidedAt: InstantOrNull("When"),
      note: Text("What they noted"),
      replayedAt: InstantOrNull("When it was done again after a backup of before was restored"),
    },
    closed,
  ),
);
export type Erasure = Static<typeof erasureSchema.whole>;
export const Erasures = Type.Object(
  { rows: Type.Array(erasureSchema.reference, { description: "The newest first" }) },
  closed,
);
