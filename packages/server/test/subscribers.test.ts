import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1), networkPoint(2)]);
const { rows: points } = await db.query<{ pointId: number }>(
  sql`select point_id as "pointId" from point order by point_id`,
);
const [first, second] = points.map(({ pointId }) => pointId) as [number, number];

const person = (number: string, name: string) => ({
  kind: "household",
  number,
  name,
  phone: "+40 248 000 111",
  email: "",
  address: "",
});
const march = "2026-02-28T22:00:00.000Z";
const april = "2026-03-31T21:00:00.000Z";

const moveIn = (pointId: number, number: string, from: string, who: object) =>
  call("POST", `/points/${pointId}/contracts`, { number, from, ...who });

const ion = await moveIn(first, "C-1", march, { subscriber: person("A-1", "Popescu Ion") });
const ana = await moveIn(first, "C-2", april, { subscriber: person("A-2", "Ștefănescu Ana") });

test("a move-in answers with what it began and what it ended", () => {
  expect([ion.status, ana.status]).toEqual([201, 201]);
  expect(ion.body.endedContractId).toBeNull();
  expect(ana.body.endedContractId).toBe(ion.body.contractId);
});

test("a point's contracts and a subscriber's page show the same history", async () => {
  const { body } = await call("GET", `/points/${first}/contracts`);
  expect(body.rows).toMatchObject([
    { number: "C-2", subscriber: "Ștefănescu Ana", from: april, to: null },
    { number: "C-1", subscriber: "Popescu Ion", from: march, to: april },
  ]);
  const page = await call("GET", `/subscribers/${ion.body.subscriberId}`);
  expect(page.body).toMatchObject({ name: "Popescu Ion", contracts: [{ number: "C-1", to: april }] });
});

test("the list finds by any part without diacritics and goes out as a file, which the log tells of without the words", async () => {
  expect((await call("GET", "/subscribers?q=stefanescu")).body).toMatchObject({
    total: 1,
    rows: [{ number: "A-2", running: 1 }],
  });
  const file = await call("GET", "/subscribers.csv?q=stefanescu");
  expect(file.text).toContain("A-2;Ștefănescu Ana;");
  expect(file.text).not.toContain("Popescu");
  const { rows } = await db.query<{ after: unknown; records: number }>(sql`
    select after, records from audit.log where action = 'export' and object_type = 'subscriber'`);
  expect(rows).toEqual([{ after: { filter: { sort: "name", descending: false, q: "***" } }, records: 1 }]);
});

test.each([
  [
    "both a known and a new one",
    () => moveIn(second, "C-3", march, { subscriberId: 1, subscriber: person("A-3", "X") }),
    400,
    "input.invalid",
  ],
  ["nobody", () => moveIn(second, "C-3", march, {}), 400, "input.invalid"],
  [
    "a contract's number that is taken",
    () => moveIn(second, "C-1", march, { subscriber: person("A-3", "X") }),
    409,
    "contract.known",
  ],
  [
    "a customer's number that is taken",
    () => moveIn(second, "C-3", march, { subscriber: person("A-1", "X") }),
    409,
    "subscriber.known",
  ],
  [
    "an instant before the running contract",
    () => moveIn(first, "C-3", march, { subscriber: person("A-3", "X") }),
    409,
    "contract.too-early",
  ],
  [
    "a point that is not there",
    () => moveIn(999_999, "C-3", march, { subscriber: person("A-3", "X") }),
    404,
    "point.not-found",
  ],
])("%s is refused with a code", async (_, act, status, code) => {
  const answer = await act();
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test("a contract ends and is taken back, each with its reason in the log", async () => {
  const id = ana.body.contractId;
  expect((await call("POST", `/contracts/${id}/end`, { at: april, reason: "empty flat" })).body.code).toBe(
    "contract.too-early",
  );
  const may = "2026-04-30T21:00:00.000Z";
  expect((await call("POST", `/contracts/${id}/end`, { at: may, reason: "empty flat" })).status).toBe(204);
  expect((await call("POST", `/contracts/${id}/take-back`, { reason: "wrong flat" })).status).toBe(204);
  expect((await call("GET", `/points/${first}/contracts`)).body.rows).toMatchObject([
    { number: "C-1", to: null },
  ]);
  expect((await call("GET", `/subscribers/${ana.body.subscriberId}`)).body.code).toBe("subscriber.not-found");
  const { rows } = await db.query<{ reason: string }>(sql`
    select distinct reason from audit.log where object_type = 'contract' and reason is not null order by reason`);
  expect(rows.map(({ reason }) => reason)).toEqual(["empty flat", "wrong flat"]);
});

test("data of a subscriber are changed as a whole", async () => {
  const path = `/subscribers/${ion.body.subscriberId}`;
  const { version: seen } = (await call("GET", path)).body;
  const changed = { ...person("A-1", "Popescu-Radu Ion"), email: "ion@exemplu.ro", seen };
  expect((await call("PUT", path, changed)).status).toBe(204);
  expect((await call("GET", path)).body).toMatchObject({ name: "Popescu-Radu Ion", email: "ion@exemplu.ro" });
  expect((await call("PUT", path, changed)).body.code).toBe("subscriber.changed");
  const { from, versions } = (await call("GET", path)).body;
  expect(versions).toEqual([
    { ...person("A-1", "Popescu Ion"), from: null, to: from, endedBy: expect.any(String) },
  ]);
  expect((await call("GET", `${path}?on=${from}`)).body).toMatchObject({
    on: from,
    name: "Popescu-Radu Ion",
  });
  expect((await call("GET", `${path}?on=2026-03-10`)).body).toMatchObject({
    ...person("A-1", "Popescu Ion"),
    on: "2026-03-09T22:00:00.000Z",
    contracts: [{ number: "C-1" }],
  });
  expect((await call("GET", `${path}?on=2025-01-01`)).body.contracts).toEqual([]);
  expect((await call("GET", `${path}?on=2026-02-30`)).body.code).toBe("input.invalid");
  expect((await call("PUT", "/subscribers/999999", changed)).body.code).toBe("subscriber.not-found");
});
