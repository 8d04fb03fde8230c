import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [
  networkPoint(1, { branch: ["Argeș", "Pitești", "PT 7"] }),
  networkPoint(2, { branch: ["Argeș", "Câmpulung"] }),
]);
const list = async () =>
  (await call("GET", "/branches")).body.rows as { readonly branchId: number; readonly path: string[] }[];
const idOf = async (...path: string[]) =>
  (await list()).find((row) => row.path.join("/") === path.join("/"))!.branchId;
const found = async (words: string) =>
  (await call("GET", `/points?q=${encodeURIComponent(words)}`)).body.total;
const reason = "reorganizare";

test("branches stand under each other with what hangs on each", async () => {
  expect(await list()).toMatchObject([
    { path: ["Argeș"], parentId: null, points: 0, locations: 0 },
    { path: ["Argeș", "Câmpulung"], points: 1, locations: 1, concentrators: 0 },
    { path: ["Argeș", "Pitești"], points: 0 },
    { path: ["Argeș", "Pitești", "PT 7"], name: "PT 7", points: 1 },
  ]);
});

test("a branch is made, named and moved; points below are found by the new names, and by no old one", async () => {
  const top = await idOf("Argeș");
  const made = await call("POST", "/branches", { name: " Topoloveni ", parentId: top, reason });
  expect(made.status).toBe(201);
  expect((await call("POST", "/branches", { name: "Topoloveni", parentId: top, reason })).body.code).toBe(
    "branch.name-used",
  );
  expect((await call("POST", "/branches", { name: "X", parentId: 9_999, reason })).body.code).toBe(
    "branch.not-found",
  );
  const pt = await idOf("Argeș", "Pitești", "PT 7");
  expect(await found("pitesti")).toBe(1);
  const change = (branchId: number, body: object) =>
    call("PUT", `/branches/${branchId}`, { ...body, reason });
  expect((await change(pt, { name: "PT 7A", parentId: made.body.branchId })).body).toEqual({ changed: true });
  expect((await change(pt, { name: "PT 7A", parentId: made.body.branchId })).body).toEqual({
    changed: false,
  });
  expect([await found("pitesti"), await found("topoloveni"), await found("pt 7a")]).toEqual([0, 1, 1]);
  expect((await change(top, { name: "Muscel", parentId: null })).body).toEqual({ changed: true });
  expect([await found("arges"), await found("muscel")]).toEqual([0, 2]);
  expect((await change(top, { name: "Muscel", parentId: pt })).body.code).toBe("branch.cycle");
  expect((await change(made.body.branchId, { name: "Câmpulung", parentId: top })).body.code).toBe(
    "branch.name-used",
  );
  expect((await change(9_999, { name: "X", parentId: null })).body.code).toBe("branch.not-found");
  const { body: log } = await call("GET", "/log?kind=parametrisation&limit=50");
  expect(log.rows).toContainEqual(expect.objectContaining({ actor: "ana", objectType: "branch", reason }));
});

test("only a branch on which nothing hangs is removed", async () => {
  const remove = (branchId: number) => call("POST", `/branches/${branchId}/removal`, { reason });
  expect((await remove(await idOf("Muscel", "Câmpulung"))).body.code).toBe("branch.in-use");
  expect((await remove(await idOf("Muscel"))).body.code).toBe("branch.in-use");
  const empty = await idOf("Muscel", "Pitești");
  expect((await remove(empty)).status).toBe(204);
  expect((await remove(empty)).body.code).toBe("branch.not-found");
  const { rows } = await db.query<{ n: number }>(sql`select count(*)::int as n from branch`);
  expect(rows[0]!.n).toBe(4);
});
