import { fileText } from "@energsys/metering/file-text";
import { expect, test } from "vitest";

const bytes = (...codes: number[]) => new Uint8Array(codes);

test.each([
  ["UTF-8", new TextEncoder().encode("Țițești"), "Țițești"],
  ["UTF-8 with its mark", bytes(0xef, 0xbb, 0xbf, 0xc8, 0x9a), "Ț"],
  [
    "the code page of central Europe",
    bytes(0xde, 0x69, 0xfe, 0x65, 0xba, 0x74, 0x69, 0xe3, 0xee),
    "Țițeștiăî",
  ],
  ["UTF-16", bytes(0xff, 0xfe, 0x1a, 0x02, 0x69, 0x00), "Ți"],
  ["UTF-16 the other way round", bytes(0xfe, 0xff, 0x02, 0x1a, 0x00, 0x69), "Ți"],
])("a file in %s is read by its letters", (_name, content, text) => {
  expect(fileText(content)).toBe(text);
});
