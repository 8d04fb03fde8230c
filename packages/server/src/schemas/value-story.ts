import Type, { type Static } from "typebox";
import {
  BigId,
  closed,
  Decimal,
  Id,
  Instant,
  InstantOrNull,
  named,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
} from "./basics.ts";

/** How a value came about: what brought it, who and what changed it, and since when each version counted. */

export const storyDeliverySchema = named(
  "StoryDelivery",
  Type.Object(
    {
      receivedAt: Instant("Received at"),
      deviceId: WholeOrNull("Device that it came from"),
      identity: TextOrNull("What the device claims to be"),
      url: TextOrNull("Address of the device, without secrets"),
      attemptId: Type.Union([BigId("Attempt that brought it"), Type.Null()]),
      cause: TextOrNull("Why the device was asked: plan, read-now, call-in, push, gateway …"),
      requestedBy: TextOrNull("Account that asked; null for planned reads"),
      startedAt: InstantOrNull("The attempt began at"),
      endedAt: InstantOrNull("The attempt ended at"),
      blocks: Type.Array(
        Type.Object(
          {
            blockId: BigId("Block"),
            kind: Text("What the bytes are"),
            sha256: Text("SHA-256 of the bytes, hexadecimal"),
            hex: TextOrNull("The first 4,096 bytes; null when only the hash is still kept"),
            length: WholeOrNull("Bytes of the whole block; null when only the hash is still kept"),
          },
          closed,
        ),
        { description: "Raw bytes as they came, at most 20 blocks" },
      ),
    },
    closed,
  ),
);

const Delivery = Type.Union([storyDeliverySchema.reference, Type.Null()], {
  description: "What brought it; null for what nobody delivered, or where nothing of it is kept",
});

const Version = Type.Object(
  {
    version: Whole("Version of the day"),
    value: WholeOrNull("The channel's integer: value in `unit` = integer × 10^scale; null for no value"),
    flags: Whole("Quality bits"),
    knownFrom: InstantOrNull("Counted from; null: before that was written down"),
    knownTo: InstantOrNull("Counted until; null: it counts"),
    origin: OneOf(["measured", "estimated", "edited", "verified"], "How it came about"),
    method: TextOrNull("Method of the estimate, such as E4+S"),
    edit: Type.Union([
      Type.Object(
        {
          editId: BigId("Edit"),
          reason: Text("Reason code"),
          comment: Text("Comment"),
          requestedBy: Text("Account that gave the value"),
          requestedAt: Instant("Given at"),
          decidedBy: TextOrNull("Second person; null where none was needed"),
          undoneBy: TextOrNull("Who took it back"),
          undoneAt: InstantOrNull("Taken back at"),
          undoComment: TextOrNull("Why it was taken back"),
        },
        closed,
      ),
      Type.Null(),
    ]),
    delivery: Delivery,
  },
  closed,
);

export const channelStorySchema = named(
  "ChannelStory",
  Type.Object(
    {
      channelId: Id("Channel"),
      obis: Text("OBIS code in full"),
      unit: Text("Unit"),
      scale: Whole("Power of ten"),
      meter: Type.Union([
        Type.Object(
          {
            serial: Text("Serial number"),
            model: Text("Meter model"),
            factor: Decimal("What its values are multiplied by"),
          },
          closed,
        ),
        Type.Null(),
      ]),
      versions: Type.Array(Version, { description: "The newest first" }),
    },
    closed,
  ),
);

export const intervalStorySchema = named(
  "IntervalStory",
  Type.Object(
    {
      from: Instant("Start of the interval"),
      to: Instant("Its end"),
      day: Text("Market-local date"),
      own: channelStorySchema.reference,
      sources: Type.Array(channelStorySchema.reference, {
        description: "Channels of the meter that it was derived from; none for a meter's own",
      }),
      findings: Type.Array(
        Type.Object(
          {
            rule: Text("Rule of validation"),
            words: Text("What it found, as a code"),
            severity: OneOf(["F", "W", "I"], "F refuses the interval, W is to be looked at, I is noted"),
            state: Text("open, accepted, estimated, edited or cleared"),
            since: Instant("Found at"),
            changedBy: TextOrNull("Who decided; null: the system"),
            note: Text("What was noted"),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
);
export type IntervalStoryAnswer = Static<typeof intervalStorySchema.whole>;

export const registerStorySchema = named(
  "RegisterStory",
  Type.Object(
    {
      obis: Text("OBIS code in full"),
      unit: Text("Unit"),
      measuredAt: Instant("Measured at"),
      serial: Text("Serial number of the meter"),
      model: Text("Meter model"),
      factor: Decimal("Factor of the installation"),
      versions: Type.Array(
        Type.Object(
          {
            version: Whole("Version"),
            value: Decimal("Value in `unit`"),
            unit: Text("Unit"),
            flags: Whole("Quality bits"),
            receivedAt: Instant("Counted from"),
            replacedAt: InstantOrNull("Counted until; null: it counts"),
            delivery: Delivery,
          },
          closed,
        ),
        { description: "The newest first" },
      ),
    },
    closed,
  ),
);

export const IntervalStoryQuery = Type.Object(
  { channel: Id("Channel of this point"), at: Instant("Instant inside the interval") },
  closed,
);
export const RegisterStoryQuery = Type.Object(
  {
    serial: Text("Serial number of the meter", { minLength: 1, maxLength: 60 }),
    obis: Text("OBIS code in full", { minLength: 1, maxLength: 30 }),
    measuredAt: Instant("Measured at"),
  },
  closed,
);
