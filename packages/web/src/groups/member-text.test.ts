import { expect, test } from "vitest";
import { membersOf } from "./member-text.ts";

test("codes come one a line, with a sign where one is given", () => {
  expect(membersOf("RO1\n\n RO2 ; -1\r\nRO3\t−1\nRO4;1")).toEqual([
    { pod: "RO1", sign: 1 },
    { pod: "RO2", sign: -1 },
    { pod: "RO3", sign: -1 },
    { pod: "RO4", sign: 1 },
  ]);
  expect(membersOf("pod\nRO1\nRO1;-1")).toEqual([{ pod: "RO1", sign: -1 }]);
  expect(membersOf("")).toEqual([]);
});

test("a file exported from a group's page is read in either language", () => {
  const file =
    '\uFEFFGrup;Rol;POD;Semn;De la (UTC)\r\n"PT 1";membru;RO1;-1;2026\r\nPT 1;membru;RO2;1;2026\r\n';
  expect(membersOf(file)).toEqual([
    { pod: "RO1", sign: -1 },
    { pod: "RO2", sign: 1 },
  ]);
  expect(membersOf(file.replace("Semn", "Sign").replace("Grup", "Group"))).toHaveLength(2);
});
