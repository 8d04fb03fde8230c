import { createHash, randomBytes } from "node:crypto";
import { addAccount, addGrants, listRoles, openSession, sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const ana = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1), networkPoint(2), networkPoint(3)]);
const { rows: branches } = await db.query<{ branchId: number; name: string }>(
  sql`select branch_id as "branchId", name from branch`,
);
const branchOf = (name: string) => branches.find((branch) => branch.name === name)!.branchId;

/** Signs in somebody who holds a ready-made role for one branch. */
async function person(name: string, role: string, branchId: number) {
  const account = await addAccount(db, { name, displayName: name, passwordHash: "none", language: "ro" });
  const { roleId } = (await listRoles(db, clock.ms)).find(({ ready }) => ready === role)!;
  const grant = {
    roleId,
    action: null,
    branchId,
    supplierId: null,
    validFromMs: clock.ms - 1_000,
    validUntilMs: null,
    reason: "",
  };
  await addGrants(db, { accountId: account!.accountId, grants: [grant], grantedBy: null, nowMs: clock.ms });
  const id = randomBytes(32).toString("base64url");
  await openSession(db, {
    sha256: createHash("sha256").update(id).digest(),
    accountId: account!.accountId,
    csrfToken: "csrf",
    nowMs: clock.ms,
    endsAtMs: clock.ms + 3_600_000,
  });
  return browserOf(server, { cookie: `sid=${id}`, csrfToken: "csrf" });
}
const technician = await person("ion", "technician", branchOf("Câmpulung"));
const operator = await person("dan", "operator", branchOf("Câmpulung"));

async function stranger(n: number): Promise<number> {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into gateway (identity, announced_at) values (${`ENC${String(n).padStart(13, "0")}`}, now()) returning gateway_id as id`);
  return rows[0]!.id;
}
const adopted = async (n: number, branch = "Câmpulung") => {
  const id = await stranger(n);
  expect(
    (await ana("POST", `/equipment/${id}/adoption`, { name: `MC-${n}`, branchId: branchOf(branch) })).status,
  ).toBe(204);
  return id;
};
const states = async (id: number) =>
  (
    await db.query<{ state: string; enabled: boolean | null }>(sql`
    select g.state, d.enabled from gateway as g left join device as d on d.device_id = g.device_id where g.gateway_id = ${id}`)
  ).rows[0]!;

test("a stranger is adopted into a branch and under a name, by somebody whose right reaches everywhere", async () => {
  const id = await stranger(1);
  const body = { name: "MC-1", branchId: branchOf("Câmpulung") };
  expect((await technician("POST", `/equipment/${id}/adoption`, body)).status).toBe(404);
  expect((await operator("POST", `/equipment/${id}/adoption`, body)).body).toMatchObject({
    code: "right.missing",
    action: "equipment.change",
  });
  expect((await ana("POST", `/equipment/${id}/adoption`, { ...body, branchId: 999_999 })).body.code).toBe(
    "branch.not-found",
  );
  expect((await ana("POST", `/equipment/${id}/adoption`, body)).status).toBe(204);
  expect((await technician("GET", `/equipment/${id}`)).body).toMatchObject({
    name: "MC-1",
    branch: ["Argeș", "Câmpulung"],
    adoptedBy: "ana",
  });
  const { rows } = await db.query<{ after: Record<string, unknown> | null }>(sql`
    select after from audit.log where object_type = 'gateway' and object_id = ${String(id)} and actor = 'ana'`);
  expect(rows.map(({ after }) => after?.state)).toContain("adopted");
});

test("the branches that are offered are those of one's own right, and no concentrator is moved into another", async () => {
  const { body } = await technician("GET", "/equipment/branches");
  expect(body.branches).toEqual([{ branchId: branchOf("Câmpulung"), path: ["Argeș", "Câmpulung"] }]);
  const id = await adopted(2);
  expect((await technician("PATCH", `/equipment/${id}`, { branchId: branchOf("Pitești") })).body.code).toBe(
    "branch.not-found",
  );
  expect((await technician("PATCH", `/equipment/${id}`, { name: "MC-2 bis" })).status).toBe(204);
  expect((await technician("GET", `/equipment/${id}`)).body.name).toBe("MC-2 bis");
});

test("a retired one stays in the list of the retired, and is taken back only when that is said, with a reason", async () => {
  const id = await adopted(3);
  const asked = await technician("POST", `/equipment/${id}/requests`, { action: "scan" });
  expect(asked.status).toBe(202);
  expect((await technician("POST", `/equipment/${id}/retirement`, {})).status).toBe(400);
  expect(
    (await technician("POST", `/equipment/${id}/retirement`, { reason: "lovit de trăsnet" })).status,
  ).toBe(204);
  expect(await states(id)).toEqual({ state: "retired", enabled: false });
  expect((await technician("GET", `/equipment/${id}`)).body).toMatchObject({
    state: "retired",
    retiredBy: "ion",
  });
  // What waited for it will never be done.
  expect((await ana("GET", `/attempts/${asked.body.attemptId}`)).body.state).toBe("cancelled");
  expect((await technician("POST", `/equipment/${id}/retirement`, { reason: "din nou" })).body.code).toBe(
    "gateway.retired",
  );
  expect((await technician("POST", `/equipment/${id}/requests`, { action: "scan" })).body.code).toBe(
    "gateway.not-adopted",
  );
  const back = { name: "MC-3", branchId: branchOf("Câmpulung") };
  expect((await technician("POST", `/equipment/${id}/adoption`, back)).body.code).toBe("gateway.retired");
  expect(
    (await technician("POST", `/equipment/${id}/adoption`, { ...back, again: true })).body.fields,
  ).toHaveProperty("/reason");
  expect(
    (await technician("POST", `/equipment/${id}/adoption`, { ...back, again: true, reason: "reparat" }))
      .status,
  ).toBe(204);
  expect(await states(id)).toEqual({ state: "adopted", enabled: true });
  const { rows } = await db.query<{ reason: string }>(sql`
    select reason from audit.log where object_type = 'gateway' and object_id = ${String(id)} and reason <> '' order by seq`);
  expect(rows.map(({ reason }) => reason)).toEqual(expect.arrayContaining(["lovit de trăsnet", "reparat"]));
});

test("a stranger that is retired is turned away and stays known", async () => {
  const id = await stranger(4);
  expect((await ana("POST", `/equipment/${id}/retirement`, { reason: "nu este al nostru" })).status).toBe(
    204,
  );
  expect(await states(id)).toEqual({ state: "retired", enabled: null });
  expect((await ana("GET", "/equipment?state=retired&q=0000000000004")).body.rows).toMatchObject([
    { gatewayId: id },
  ]);
});

test("the one that takes another's place reads its meters from then on: those it has found at once, the rest when it finds them", async () => {
  const [old, fresh] = [await adopted(5), await adopted(6)];
  await db.query(sql`
    update device set gateway_id = ${old}, direction = 'call-in', url = 'dlms+tcp://?client=2&server=16' where identity in ('ISK1', 'ISK2', 'ISK3')`);
  await db.query(sql`
    insert into gateway_meter (gateway_id, logical_device, name, state, device_id) values
      (${old}, 16, 'ISK1', 'known', (select device_id from device where identity = 'ISK1')),
      (${old}, 17, 'ISK2', 'known', (select device_id from device where identity = 'ISK2'))`);
  await db.query(sql`
    insert into gateway_meter (gateway_id, logical_device, name, state, entry) values (${fresh}, 40, 'ISK2', 'new', 3)`);
  await db.query(sql`
    insert into gateway_difference (gateway_id, logical_device, entry, kind, at) values (${fresh}, 40, 3, 'new', now())`);
  const effect = await technician("GET", `/equipment/${old}/handover?to=${fresh}`);
  expect(effect.body).toEqual({ meters: 3, found: 1 });
  expect(await states(old)).toMatchObject({ state: "adopted" });
  expect(
    (await technician("POST", `/equipment/${old}/handover`, { to: old, reason: "schimbat" })).body.code,
  ).toBe("gateway.same");
  const foreign = await adopted(7, "Pitești");
  expect(
    (await technician("POST", `/equipment/${old}/handover`, { to: foreign, reason: "schimbat" })).status,
  ).toBe(404);
  const done = await technician("POST", `/equipment/${old}/handover`, { to: fresh, reason: "schimbat" });
  expect(done.body).toEqual({ meters: 3, found: 1 });
  const { rows } = await db.query(sql`
    select identity, gateway_id as gateway, url from device where identity in ('ISK1', 'ISK2', 'ISK3') order by identity`);
  expect(rows).toEqual([
    { identity: "ISK1", gateway: fresh, url: "dlms+tcp://?client=2&server=16" },
    { identity: "ISK2", gateway: fresh, url: "dlms+tcp://?client=2&server=40" },
    { identity: "ISK3", gateway: fresh, url: "dlms+tcp://?client=2&server=16" },
  ]);
  expect((await technician("GET", `/equipment/${old}`)).body).toMatchObject({
    state: "retired",
    replacedBy: fresh,
  });
  const page = (await technician("GET", `/equipment/${fresh}`)).body;
  expect(page.openDifferences).toEqual([]);
  expect(page.meterList).toMatchObject([{ name: "ISK2", pod: "RO001EMO0000002" }]);
});

test("what is asked of a concentrator is one attempt that its branch can follow and cancel, and the log tells who asked", async () => {
  const id = await adopted(8);
  expect(
    (await technician("POST", `/equipment/${id}/requests`, { action: "set-clocks" })).body.fields,
  ).toHaveProperty("/reason");
  const first = (await operator("POST", `/equipment/${id}/requests`, { action: "read-all" })).body.attemptId;
  const other = (await operator("POST", `/equipment/${id}/requests`, { action: "scan" })).body.attemptId;
  expect(other).not.toBe(first);
  expect((await operator("POST", `/equipment/${id}/requests`, { action: "scan" })).body.attemptId).toBe(
    other,
  );
  expect((await technician("GET", `/attempts/${first}`)).body).toMatchObject({
    cause: "gateway",
    asked: "read-all",
    requestedBy: "dan",
    state: "queued",
  });
  const stranger = await person("eva", "technician", branchOf("Pitești"));
  expect((await stranger("GET", `/attempts/${first}`)).status).toBe(404);
  expect((await technician("DELETE", `/attempts/${first}`)).status).toBe(202);
  const { rows } = await db.query<{ actor: string }>(sql`
    select actor from audit.log where object_type = 'gateway' and object_id = ${String(id)} and action = 'scan'`);
  expect(rows[0]).toEqual({ actor: "dan" });
});

test("other settings of a concentrator are one proposal, shown with what changes, and none beyond its borders", async () => {
  const id = await adopted(9);
  const propose = (value: number, more: object = {}) =>
    technician("POST", `/equipment/${id}/settings`, {
      settings: [{ setting: "schedule.scanEverySeconds", value }],
      reason: "mai rar",
      ...more,
    });
  expect((await propose(3_600)).body.code).toBe("gateway.no-configuration");
  await db.query(sql`
    update gateway set configuration = '{"identity":"X","lines":[],"schedule":{"scanEverySeconds":86400}}' where gateway_id = ${id}`);
  expect((await propose(5)).body.fields).toEqual({ "/settings/0/value": "60 to 2592000" });
  expect((await propose(86_400)).body.code).toBe("gateway.no-change");
  expect((await operator("POST", `/equipment/${id}/settings`, {})).body.action).toBe("equipment.change");
  const made = await propose(172_800);
  expect(made.status).toBe(202);
  expect((await propose(3_600)).body.code).toBe("gateway.proposal-open");
  const page = async () => (await technician("GET", `/equipment/${id}`)).body;
  expect(await page()).toMatchObject({
    configurationRead: true,
    proposals: [
      {
        state: "queued",
        proposedBy: "ion",
        reason: "mai rar",
        changes: [{ setting: "schedule.scanEverySeconds", from: 86_400, to: 172_800 }],
      },
    ],
  });
  const { rows } = await db.query<{ text: string }>(
    sql`select text from gateway_proposal where gateway_proposal_id = ${made.body.proposalId}`,
  );
  expect(JSON.parse(rows[0]!.text)).toEqual({
    identity: "X",
    lines: [],
    schedule: { scanEverySeconds: 172_800 },
  });
  // Cancelled before the concentrator heard of it: the way is free for another.
  expect((await technician("DELETE", `/attempts/${made.body.attemptId}`)).status).toBe(202);
  expect((await page()).proposals[0].state).toBe("cancelled");
  expect((await propose(3_600)).status).toBe(202);
});
