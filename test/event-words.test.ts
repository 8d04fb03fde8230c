import { expect, test } from "vitest";
import { eventTables } from "../packages/metering/src/models/event-tables.ts";
import { eventWord } from "../packages/server/src/event-words.ts";
import { eventText } from "../packages/web/src/text/event-messages.ts";

test("every event that a table of codes names has words in the pages, and no words are for an event that is nowhere", () => {
  const names = new Set(Object.values(eventTables).flatMap((table) => Object.values(table)));
  expect(Object.keys(eventText).sort()).toEqual([...names].map((name) => `event.${name}`).sort());
});

test("files name events as the pages do", () => {
  for (const [key, words] of Object.entries(eventText))
    for (const language of ["ro", "en"] as const)
      expect(eventWord(key.slice("event.".length), language)).toBe(words[language]);
  expect(eventWord("idis:9999", "ro")).toBe("idis:9999");
});
