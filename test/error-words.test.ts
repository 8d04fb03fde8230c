import { expect, test } from "vitest";
import { errorWord } from "../packages/server/src/error-words.ts";
import { catalogue } from "../packages/web/src/text/catalogue.ts";
import { deviceProblemText } from "../packages/web/src/text/device-problem-messages.ts";
import { problemWords } from "../packages/web/src/text/problem-words.ts";

const codes = [
  ...Object.keys(deviceProblemText)
    .filter((key) => !key.endsWith(".do"))
    .map((key) => key.slice("problem.".length)),
  ...["link.timeout", "link.closed", "link.something-new", "hdlc.fcs", "store.unavailable", "what.ever"],
];

test("files say of an error what the pages say", () => {
  for (const code of codes)
    for (const language of ["ro", "en"] as const)
      expect(`${code}: ${errorWord(code, language)}`).toBe(
        `${code}: ${catalogue[problemWords(code).what][language]}`,
      );
});
