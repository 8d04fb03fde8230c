import { expect, test } from "vitest";
import { eventTables } from "../packages/metering/src/models/event-tables.ts";
import { eventText } from "../packages/web/src/text/event-messages.ts";

test("every event that a table of codes names has words in the pages, and no words are for an event that is nowhere", () => {
  const names = new Set(Object.values(eventTables).flatMap((table) => Object.values(table)));
  expect(Object.keys(eventText).sort()).toEqual([...names].map((name) => `event.${name}`).sort());
});
