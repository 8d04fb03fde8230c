import { expect, test } from "vitest";
import type { SubscriberGiven } from "../api/client.ts";
import { changesOf } from "./changes.ts";

const data: SubscriberGiven = {
  ...{ kind: "household", number: "A-1", name: "Popescu Ion", phone: "0248", email: "", address: "" },
};
const version = (given: Partial<SubscriberGiven>, from: string | null, to: string, endedBy: string) => ({
  ...{ ...data, ...given, from, to, endedBy },
});
const versions = [
  version({ name: "Georgescu Ion" }, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", "dan"),
  version({}, "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "ana"),
  version({ number: "", name: "Pop Ion", phone: "" }, null, "2026-03-01T00:00:00Z", ""),
];
const subscriber = { ...data, name: "Georgescu Ion", phone: "", kind: "organisation" as const, versions };

test("each change has who made it and which fields became what; of a name that was kept alone only that is told", () => {
  expect(changesOf({ ...subscriber, on: null })).toEqual([
    {
      at: "2026-03-03T00:00:00Z",
      by: "dan",
      fields: [
        { field: "kind", before: "household", after: "organisation" },
        { field: "phone", before: "0248", after: "" },
      ],
    },
    {
      at: "2026-03-02T00:00:00Z",
      by: "ana",
      fields: [{ field: "name", before: "Popescu Ion", after: "Georgescu Ion" }],
    },
    {
      at: "2026-03-01T00:00:00Z",
      by: "",
      fields: [{ field: "name", before: "Pop Ion", after: "Popescu Ion" }],
    },
  ]);
});

test("as it was on a day, what was changed later is not told", () => {
  const then = { ...subscriber, ...data, on: "2026-03-01T12:00:00Z" };
  expect(changesOf(then).map(({ at }) => at)).toEqual(["2026-03-01T00:00:00Z"]);
});
