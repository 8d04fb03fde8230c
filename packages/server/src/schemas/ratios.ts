import Type from "typebox";
import {
  closed,
  Decimal,
  Id,
  Instant,
  InstantOrNull,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";

const ratio = { pattern: "^\\d{1,6}(\\.\\d{1,6})?$" };

/** What is asked for: other ratios from an instant on, and why. */
export const RatioRequestBody = Type.Object(
  {
    ctRatio: Text("Ratio of the current transformers, exact decimal", ratio),
    vtRatio: Text("Ratio of the voltage transformers, exact decimal", ratio),
    primaryValues: Yes("The meter shows primary values: the ratios are not applied"),
    from: Instant("From this instant on"),
    reason: Text("Why; it stands in the activity log", { minLength: 3, maxLength: 500 }),
  },
  closed,
);
export const RatioRequested = Type.Object(
  { requestId: Id("Request"), validUntil: Instant("Nobody can approve it afterwards") },
  closed,
);

export const RequestParams = Type.Object({ requestId: Id("Request") }, closed);
export const RatioDecision = Type.Object(
  {
    approve: Yes("The change is made; otherwise it is refused"),
    note: Type.Optional(Text("What the other one should know", { maxLength: 500 })),
  },
  closed,
);
export const RatioDecided = Type.Object(
  {
    state: OneOf(
      ["approved", "refused", "overtaken"],
      "overtaken: the meter has other ratios by now than were shown, so nothing was changed",
    ),
    days: Whole("Days whose energy was derived again"),
  },
  closed,
);

export const RatioRequestQuery = Type.Object(
  {
    pointId: Type.Optional(Id("Only of this point")),
    open: Type.Optional(Type.Boolean({ description: "Only those that wait for somebody" })),
    limit: Type.Optional(Whole("At most so many", { minimum: 1, maximum: 500, default: 100 })),
  },
  closed,
);

const ratios = Type.Object(
  {
    ctRatio: Decimal("Ratio of the current transformers"),
    vtRatio: Decimal("Ratio of the voltage transformers"),
    primaryValues: Yes("The ratios are not applied"),
  },
  closed,
);

export const RatioRequests = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          requestId: Id("Request"),
          pointId: Id("Point"),
          pod: TextOrNull("Its code"),
          name: TextOrNull("Its name"),
          from: Instant("From this instant on"),
          before: ratios,
          after: ratios,
          reason: Text("Why"),
          requestedBy: Text("Who asked"),
          requestedAt: Instant("When"),
          validUntil: Instant("Nobody can approve it afterwards"),
          own: Yes("Who looks asked for it himself"),
          state: OneOf(
            ["open", "approved", "refused", "withdrawn", "overtaken", "expired"],
            "open: it waits for somebody",
          ),
          decidedBy: TextOrNull("Who decided"),
          decidedAt: InstantOrNull("When"),
          note: Text("What they noted"),
          days: WholeOrNull("Days whose energy was derived again"),
        },
        closed,
      ),
    ),
  },
  closed,
);
