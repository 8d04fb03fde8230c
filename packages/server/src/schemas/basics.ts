import Type, { type Static, type TSchema } from "typebox";

/** Small schemas that every route shares. Each object refuses properties it does not know. */

export const closed = { additionalProperties: false } as const;

/** One value or null. One `type` list instead of `anyOf`, which the serialiser would check branch by branch. */
const orNull = <T>(type: "string" | "integer" | "number" | "boolean", options: object) =>
  Type.Unsafe<T | null>({ type: [type, "null"], ...options });

export const Instant = (description: string) =>
  Type.String({ format: "date-time", description: `${description} (UTC)` });
export const InstantOrNull = (description: string) =>
  orNull<string>("string", { format: "date-time", description: `${description} (UTC)` });
export const Text = (description: string, options: object = {}) => Type.String({ description, ...options });
export const TextOrNull = (description: string) => orNull<string>("string", { description });
export const Whole = (description: string, options: object = {}) => Type.Integer({ description, ...options });
export const WholeOrNull = (description: string) => orNull<number>("integer", { description });
export const NumberOrNull = (description: string) => orNull<number>("number", { description });
export const Yes = (description: string) => Type.Boolean({ description });

/** One of a list of words, as a string in the API description. */
export const OneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({ type: "string", enum: values, description });

/** A schema with a name in the API description's components; `reference` is how other schemas point to it. */
export function named<T extends TSchema>(name: string, schema: T) {
  const whole = { ...schema, $id: name } as T & { $id: string };
  return { whole, reference: Type.Unsafe<Static<T>>({ $ref: `${name}#` }) };
}

export const day = "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$";
export const Day = (description: string) =>
  Type.String({
    pattern: day,
    format: "date",
    minLength: 10,
    maxLength: 10,
    description: `${description} (market-local date)`,
  });
/** As something was: a day means from its beginning. `onInstant` reads it. */
export const OnQuery = Type.Object(
  {
    on: Type.Optional(
      Type.Union([Day("As it was at the beginning of this day"), Instant("As it was at this instant")], {
        description: "As it was then; now when absent",
      }),
    ),
  },
  closed,
);
export const Id = (description: string) => Type.Integer({ minimum: 1, maximum: 2_147_483_647, description });
export const BigId = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 9_007_199_254_740_991, description });
export const Decimal = (description: string) =>
  Type.String({ pattern: "^-?\\d+(\\.\\d+)?$", description: `${description}, exact decimal` });
export const BranchPath = Type.Array(Type.String(), {
  description: "Names of the branch and of those above it, from the top down",
});

export const PointParams = Type.Object({ pointId: Id("Point of measure") }, closed);

export const problemSchema = named(
  "Problem",
  Type.Object(
    {
      type: Text("Kind of problem, as a relative reference into docs/errors.md"),
      title: Text("What is wrong, in a few words"),
      status: Whole("HTTP status"),
      code: Text("Stable code of docs/errors.md: decide on this, never on the text"),
      detail: Type.Optional(Text("What is wrong with this request")),
      reference: Text("Id to quote: the same stands in the log"),
      fields: Type.Optional(
        Type.Record(Type.String(), Type.String(), {
          description: "What is wrong with which input, by its path",
        }),
      ),
      action: Type.Optional(Text("The right that is missing, as page.level")),
      ask: Type.Optional(Type.Array(Type.String(), { description: "People who can give it" })),
    },
    closed,
  ),
);
export type ProblemDocument = Static<typeof problemSchema.whole>;

export const Accepted = Type.Object({ accepted: Type.Literal(true) }, closed);
export const AttemptQueued = Type.Object({ attemptId: BigId("Attempt that was queued") }, closed);
