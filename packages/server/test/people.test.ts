import { sql, storePointSupplier } from "@energsys/store";
import { beforeEach, expect, test } from "vitest";
import {
  browserOf,
  firstAccount,
  host,
  importPoints,
  networkPoint,
  origin,
  password,
  testServer,
} from "./harness.ts";

const server = await testServer();
const { app, db, clock } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [
  networkPoint(1, { branch: ["Argeș", "Pitești"] }),
  networkPoint(2, { branch: ["Argeș", "Pitești", "PT 7"] }),
  networkPoint(3, { branch: ["Argeș", "Câmpulung"] }),
]);
await storePointSupplier(db, {
  supplier: { code: "30XRO-A", name: "Furnizor A" },
  pods: ["RO001EMO0000003"],
  fromMs: clock.ms - 60_000,
});

// Each test moves the clock on; who calls has just shown who they are.
const proveAll = () => db.query(sql`update session set stepped_up_at = to_timestamp(${clock.ms / 1_000})`);
beforeEach(async () => void (await proveAll()));

const catalogue = (await call("GET", "/roles")).body;
const roleId = (ready: string): number =>
  catalogue.roles.find((role: { ready: string }) => role.ready === ready).roleId;
const branchId = (name: string): number =>
  catalogue.branches.find((branch: { path: string[] }) => branch.path.at(-1) === name).branchId;
const supplierId = catalogue.suppliers[0].supplierId;

async function invited(name: string, more: object = {}): Promise<{ accountId: number; invitation: string }> {
  const { status, body } = await call("POST", "/accounts", {
    name,
    displayName: name.toUpperCase(),
    language: "en",
    ...more,
  });
  expect(status).toBe(201);
  return body;
}

async function signIn(name: string, secret = password) {
  const answer = await app.inject({
    method: "POST",
    url: "/api/session",
    headers: { host, origin },
    payload: { name, password: secret },
  });
  if (answer.statusCode !== 201) return { status: answer.statusCode, call: undefined };
  const cookie = String(answer.headers["set-cookie"]).split(";", 1)[0]!;
  return { status: 201, call: browserOf(server, { cookie, csrfToken: answer.json().csrfToken }) };
}

async function takeInvitation(token: string, secret = password) {
  const answer = await app.inject({
    method: "POST",
    url: "/api/invitations",
    headers: { host, origin },
    payload: { token, password: secret },
  });
  // Who guesses waits; all calls of this test come from one address.
  if (answer.statusCode === 403) clock.ms += 60_000;
  return answer;
}

/** Somebody with a role, signed in. */
async function somebody(name: string, grant: object) {
  const made = await invited(name, { grants: [grant] });
  expect((await takeInvitation(made.invitation)).statusCode).toBe(204);
  const { call: as } = await signIn(name);
  return { ...made, call: as! };
}

test("an invitation lets its holder choose a password once, and the password policy holds for it", async () => {
  const { accountId, invitation } = await invited("maria");
  expect((await signIn("maria")).status).toBe(401);
  clock.ms += 60_000;
  expect((await takeInvitation(invitation, "scurt")).json().code).toBe("password.too-short");
  expect((await takeInvitation(invitation)).statusCode).toBe(204);
  expect((await takeInvitation(invitation)).json().code).toBe("invitation.refused");
  expect((await signIn("maria")).status).toBe(201);
  // A new one ends the one before and, once taken, all sessions.
  const again = (await call("POST", `/accounts/${accountId}/invitation`)).body;
  const newest = (await call("POST", `/accounts/${accountId}/invitation`)).body;
  expect((await takeInvitation(again.invitation)).json().code).toBe("invitation.refused");
  const { call: maria } = await signIn("maria");
  clock.ms += 2_000;
  expect((await takeInvitation(newest.invitation, "alta parolă lungă 7")).statusCode).toBe(204);
  expect((await maria!("GET", "/session")).status).toBe(401);
  const { rows } = await db.query(sql`select from invitation where account_id = ${accountId}`);
  expect(rows).toEqual([]);
  const late = (await call("POST", `/accounts/${accountId}/invitation`)).body;
  expect(late.expiresAt).toBe(new Date(clock.ms + 7 * 86_400_000).toISOString());
  await db.query(
    sql`update invitation set expires_at = now() - interval '1 second' where account_id = ${accountId}`,
  );
  expect((await takeInvitation(late.invitation)).json().code).toBe("invitation.refused");
});

test("a colleague's rights are copied for one branch, each once", async () => {
  const model = await invited("model", {
    grants: [
      { roleId: roleId("operator"), branchId: null },
      { roleId: roleId("operator"), branchId: branchId("Pitești") },
      { roleId: roleId("technician"), branchId: branchId("Câmpulung") },
      { roleId: roleId("supplier"), branchId: null, supplierId },
    ],
  });
  const copy = { accountId: model.accountId, branchId: branchId("PT 7") };
  const { accountId } = await invited("copy", { copy });
  const { body } = await call("GET", `/accounts/${accountId}`);
  expect(
    body.person.grants.map((grant: Record<string, unknown>) => [grant.ready, grant.branch, grant.supplier]),
  ).toEqual(
    expect.arrayContaining([
      ["operator", ["Argeș", "Pitești", "PT 7"], null],
      ["supplier", ["Argeș", "Pitești", "PT 7"], "Furnizor A"],
    ]),
  );
  expect(body.person.grants).toHaveLength(2);
  expect(
    (await call("POST", "/accounts", { name: "copy", displayName: "x", language: "ro" })).body.code,
  ).toBe("account.name-taken");
});

test("an exception is one right with a reason and an end, and is gone when that comes", async () => {
  const operator = await somebody("operator", { roleId: roleId("billing"), branchId: branchId("Pitești") });
  const exception = { action: "operations.see", branchId: branchId("Câmpulung") };
  const until = new Date(clock.ms + 3_600_000).toISOString();
  for (const [change, field] of [
    [exception, "/add/0/validUntil"],
    [{ ...exception, validUntil: until }, "/add/0/reason"],
    [{ ...exception, validUntil: until, reason: "x", action: "moon.see" }, "/add/0/action"],
    [{ ...exception, validUntil: until, reason: "x", action: "log.see" }, "/add/0/branchId"],
    [{ ...exception, validUntil: "2020-01-01T00:00:00Z", reason: "x" }, "/add/0/validUntil"],
    [{ roleId: roleId("supplier"), branchId: null }, "/add/0/supplierId"],
    [{ roleId: 999, branchId: null }, "/add/0/roleId"],
    [{ branchId: null }, "/add/0"],
  ] as const) {
    const { status, body } = await call("POST", `/accounts/${operator.accountId}/grants`, { add: [change] });
    expect([status, Object.keys(body.fields ?? {})]).toEqual([400, [field]]);
  }
  expect((await operator.call("GET", "/operations")).body.action).toBe("operations.see");
  const given = { ...exception, validUntil: until, reason: "night shift of Dan" };
  expect((await call("POST", `/accounts/${operator.accountId}/grants`, { add: [given] })).status).toBe(200);
  const figures = (await operator.call("GET", "/operations")).body;
  expect(figures.branches.map((branch: { path: string[] }) => branch.path.join("/"))).toEqual([
    "Argeș/Câmpulung",
  ]);
  for (let minutes = 0; minutes < 60; minutes += 20) {
    clock.ms += 20 * 60_000;
    await Promise.all([operator.call("GET", "/session"), call("GET", "/session")]);
  }
  expect((await operator.call("GET", "/operations")).body.code).toBe("right.missing");
});

test("the effect of a change is what it then does", async () => {
  const { accountId } = await invited("effect", {
    grants: [{ roleId: roleId("operator"), branchId: branchId("Pitești") }],
  });
  const [grant] = (await call("GET", `/accounts/${accountId}`)).body.person.grants;
  const change = {
    end: [grant.grantId],
    add: [
      { roleId: roleId("technician"), branchId: null },
      { roleId: roleId("auditor"), branchId: branchId("Câmpulung") },
    ],
  };
  const { body } = await call("POST", `/accounts/${accountId}/grants/effect`, change);
  expect(body).toMatchObject({
    gains: [
      "billing.see",
      "cases.change",
      "devices.change",
      "equipment.change",
      "field-imports.change",
      "field-imports.see",
      "locations.change",
      "meters.change",
      "modems.change",
      "points.change",
      "users.approve",
      "users.see",
    ],
    loses: ["analysis.change"],
    points: { before: 2, after: 3, gained: 1, lost: 0 },
    conflicts: [],
  });
  expect((await call("GET", `/accounts/${accountId}`)).body.actions).not.toContain("devices.change");
  await call("POST", `/accounts/${accountId}/grants`, change);
  const after = (await call("GET", `/accounts/${accountId}`)).body;
  expect(after.actions).toEqual(expect.arrayContaining(body.gains));
  const both = await call("POST", `/accounts/${accountId}/grants/effect`, {
    add: [{ roleId: roleId("administrator"), branchId: null }],
  });
  expect(both.body.conflicts).toEqual([
    { kind: "asks-and-approves", page: "users" },
    { kind: "grants-and-approves", page: "users" },
  ]);
});

test("the last administrator of the whole network stays", async () => {
  const { rows } = (await call("GET", "/grants")).body;
  const last = rows.find((grant: { name: string }) => grant.name === "ana");
  const refused = [
    await call("POST", "/grants/ends", { grantIds: [last.grantId] }),
    await call("POST", `/accounts/${last.accountId}/grants`, { end: [last.grantId] }),
    await call("PATCH", `/accounts/${last.accountId}`, { disabled: true }),
  ];
  expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
    refused.map(() => [409, "account.last-administrator"]),
  );
  // One for a time, or for a branch, is none to rely on.
  const until = new Date(clock.ms + 86_400_000).toISOString();
  await invited("for-a-day", {
    grants: [{ roleId: roleId("administrator"), branchId: null, validUntil: until }],
  });
  await invited("for-a-branch", {
    grants: [{ roleId: roleId("administrator"), branchId: branchId("Argeș") }],
  });
  expect((await call("POST", "/grants/ends", { grantIds: [last.grantId] })).body.code).toBe(
    "account.last-administrator",
  );
});

test("an administrator of a branch gives rights there and nowhere else, and touches nobody who reaches further", async () => {
  const local = await somebody("local-admin", {
    roleId: roleId("administrator"),
    branchId: branchId("Pitești"),
  });
  const theirs = (await local.call("GET", "/roles")).body;
  expect(theirs.wholeNetwork).toBe(false);
  expect(theirs.branches.map((branch: { path: string[] }) => branch.path.at(-1))).toEqual([
    "Pitești",
    "PT 7",
  ]);
  const made = await local.call("POST", "/accounts", {
    name: "local-operator",
    displayName: "L",
    language: "ro",
    grants: [{ roleId: roleId("operator"), branchId: branchId("PT 7") }],
  });
  expect(made.status).toBe(201);
  const give = (branch: number | null) =>
    local.call("POST", `/accounts/${made.body.accountId}/grants`, {
      add: [{ roleId: roleId("operator"), branchId: branch }],
    });
  expect([(await give(branchId("Câmpulung"))).body.code, (await give(null)).body.code]).toEqual([
    "branch.not-found",
    "right.missing",
  ]);
  // Not even its own role further up.
  expect(
    (
      await local.call("POST", `/accounts/${local.accountId}/grants`, {
        add: [{ roleId: roleId("administrator"), branchId: branchId("Argeș") }],
      })
    ).body.code,
  ).toBe("branch.not-found");
  expect((await local.call("PATCH", "/accounts/1", { disabled: true })).body.code).toBe("account.not-found");
  const both = await invited("both", {
    grants: [
      { roleId: roleId("operator"), branchId: branchId("Pitești") },
      { roleId: roleId("operator"), branchId: branchId("Câmpulung") },
    ],
  });
  const seen = (await local.call("GET", `/accounts/${both.accountId}`)).body;
  expect([seen.mayChange, seen.person.grants.length]).toEqual([false, 1]);
  expect((await local.call("PATCH", `/accounts/${both.accountId}`, { disabled: true })).body.code).toBe(
    "account.not-found",
  );
  expect((await local.call("POST", "/roles", { name: "x", actions: [] })).body.action).toBe("roles.change");
});

test("a right that is taken away, and an account that is disabled, are gone with the next call", async () => {
  const planner = await somebody("planner", { roleId: roleId("planner"), branchId: null });
  expect((await planner.call("GET", "/points")).body.total).toBe(3);
  const [grant] = (await call("GET", `/accounts/${planner.accountId}`)).body.person.grants;
  expect(grant.lastUsedAt).toBe(new Date(clock.ms).toISOString());
  await call("POST", "/grants/ends", { grantIds: [grant.grantId] });
  expect((await planner.call("GET", "/points")).body.code).toBe("right.missing");
  await call("PATCH", `/accounts/${planner.accountId}`, { disabled: true });
  expect((await planner.call("GET", "/session")).status).toBe(401);
});

test("a supplier sees the points that it supplies now, wherever they are", async () => {
  const supplier = await somebody("supplier", { roleId: roleId("supplier"), branchId: null, supplierId });
  const pods = async () =>
    (await supplier.call("GET", "/points")).body.rows.map((row: { pod: string }) => row.pod);
  expect(await pods()).toEqual(["RO001EMO0000003"]);
  expect((await supplier.call("GET", "/search?q=consum")).body.points).toHaveLength(1);
  await storePointSupplier(db, {
    supplier: { code: "30XRO-B", name: "Furnizor B" },
    pods: ["RO001EMO0000003"],
    fromMs: Date.now() - 1_000,
  });
  expect(await pods()).toEqual([]);
  await storePointSupplier(db, {
    supplier: { code: "30XRO-A", name: "Furnizor A" },
    pods: ["RO001EMO0000003", "RO001EMO0000001"],
    fromMs: Date.now() - 500,
  });
  expect(await pods()).toEqual(["RO001EMO0000001", "RO001EMO0000003"]);
});

test("an access review confirms what others hold, never one's own", async () => {
  const auditor = await somebody("auditor", { roleId: roleId("auditor"), branchId: null });
  const { rows } = (await auditor.call("GET", "/grants")).body;
  const own = rows.find((grant: { name: string }) => grant.name === "auditor");
  const others = rows.find((grant: { name: string }) => grant.name === "ana");
  expect((await auditor.call("POST", "/grants/reviews", { grantIds: [own.grantId] })).body.code).toBe(
    "grant.not-found",
  );
  const both = await auditor.call("POST", "/grants/reviews", { grantIds: [own.grantId, others.grantId] });
  expect(both.body.grantIds).toEqual([others.grantId]);
  const [again] = (await auditor.call("GET", "/accounts/1")).body.person.grants;
  expect([again.reviewedBy, again.reviewedAt]).toEqual(["AUDITOR", new Date(clock.ms).toISOString()]);
  const file = await auditor.call("GET", "/grants.csv");
  expect(file.text).toMatch(
    /^\uFEFFSign-in name;Name;[\s\S]*\r\nana;Ana Vior;no;Administrator;the whole network;/,
  );
  expect((await auditor.call("POST", "/grants/ends", { grantIds: [others.grantId] })).body.action).toBe(
    "users.change",
  );
});

test("looking as somebody else shows what both may see and changes nothing", async () => {
  const viewer = await somebody("viewer", { roleId: roleId("administrator"), branchId: branchId("Pitești") });
  const seen = await invited("seen", {
    grants: [{ roleId: roleId("operator"), branchId: branchId("PT 7") }],
  });
  expect((await viewer.call("POST", "/session/seen-as", { accountId: 1 })).body.code).toBe(
    "account.not-found",
  );
  expect((await viewer.call("POST", "/session/seen-as", { accountId: seen.accountId })).status).toBe(204);
  const session = (await viewer.call("GET", "/session")).body;
  expect([session.account.name, session.seenAs, session.actions]).toEqual([
    "viewer",
    "SEEN",
    [
      "alarms.change",
      "alarms.see",
      "analysis.change",
      "analysis.see",
      "cases.see",
      "equipment.command",
      "equipment.see",
      "field-tasks.change",
      "field-tasks.see",
      "groups.see",
      "locations.see",
      "meters.see",
      "modems.see",
      "operations.see",
      "peak-rules.see",
      "points.command",
      "points.see",
      "subscribers.see",
      "validation.see",
    ],
  ]);
  expect((await viewer.call("GET", "/points")).body.total).toBe(1);
  expect((await viewer.call("GET", "/accounts")).body.code).toBe("right.missing");
  expect((await viewer.call("POST", "/points/2/reads")).body.code).toBe("see-as.read-only");
  expect((await viewer.call("PATCH", "/account", { language: "ro" })).body.code).toBe("see-as.read-only");
  const back = await viewer.call("DELETE", "/session/seen-as");
  expect([back.body.seenAs, back.body.actions.includes("users.change")]).toEqual([null, true]);
  expect((await viewer.call("GET", "/points")).body.total).toBe(2);
});

test("roles of one's own are lists of rights; the ready-made ones are copied", async () => {
  const made = await call("POST", "/roles", {
    name: "Night reader",
    actions: ["points.see", "points.command"],
  });
  const nightReader = made.body.roleId;
  expect((await call("POST", "/roles", { name: "Night reader", actions: [] })).body.code).toBe(
    "role.name-taken",
  );
  expect((await call("POST", "/roles", { name: "Odd", actions: ["moon.see"] })).body.code).toBe(
    "input.invalid",
  );
  expect(
    (await call("PATCH", `/roles/${roleId("operator")}`, { name: "Operator", actions: [] })).body.code,
  ).toBe("role.ready-made");
  const reader = await somebody("reader", { roleId: nightReader, branchId: branchId("Pitești") });
  expect((await reader.call("GET", "/session")).body.actions).toEqual(["points.command", "points.see"]);
  const change = { name: "Night reader", actions: ["points.see", "operations.see"] };
  expect((await call("POST", `/roles/${nightReader}/effect`, change)).body).toEqual({
    gains: ["operations.see"],
    loses: ["points.command"],
    people: 1,
  });
  await call("PATCH", `/roles/${nightReader}`, change);
  expect((await reader.call("GET", "/session")).body.actions).toEqual(["operations.see", "points.see"]);
  expect((await call("DELETE", `/roles/${nightReader}`)).body.code).toBe("role.granted");
  expect((await call("DELETE", "/roles/99999")).body.code).toBe("role.not-found");
});

test("groups of a directory give roles as long as one is a member", async () => {
  const { rows } = await db.query<{ id: number }>(sql`
    with source as (
      insert into identity_source (kind, label, settings) values ('ldap', 'AD', '{}') returning source_id
    ), mapped as (
      insert into source_grant (source_id, group_name, role, branch_id)
      select source_id, 'cn=dispeceri', 'Operator', ${branchId("Câmpulung")} from source
    )
    update account set source_id = (select source_id from source), password_hash = null, source_groups = '{cn=dispeceri}'
    where name = 'maria' returning account_id as id`);
  const { actions } = (await call("GET", `/accounts/${rows[0]!.id}`)).body;
  expect(actions).toContain("points.command");
  await db.query(sql`update account set source_groups = '{}' where account_id = ${rows[0]!.id}`);
  expect((await call("GET", `/accounts/${rows[0]!.id}`)).body.actions).toEqual([]);
});

test("what gives rights asks anew who one is; looking at its effect and taking rights away do not", async () => {
  const { accountId } = await invited("rights-later");
  clock.ms += 301_000;
  const add = [{ roleId: roleId("operator"), branchId: branchId("Pitești"), reason: "new" }];
  for (const [method, path, body] of [
    ["POST", `/accounts/${accountId}/grants`, { add }],
    ["POST", "/accounts", { name: "somebody", displayName: "S", language: "en", grants: add }],
    ["POST", `/accounts/${accountId}/invitation`, undefined],
    ["POST", "/roles", { name: "All of it", actions: ["points.see"] }],
    ["PATCH", "/roles/1", { name: "More of it", actions: ["points.see"] }],
  ] as const) {
    const { status, body: answer } = await call(method, path, body);
    expect([path, status, answer.code]).toEqual([path, 403, "session.step-up-needed"]);
  }
  expect((await call("POST", `/accounts/${accountId}/grants/effect`, { add })).status).toBe(200);
  expect((await call("POST", "/grants/ends", { grantIds: [2_000_000_000] })).body.code).toBe(
    "grant.not-found",
  );
  await proveAll();
  expect((await call("POST", `/accounts/${accountId}/grants`, { add })).status).toBeLessThan(300);
});
