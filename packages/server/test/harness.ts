import { createHash, randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  addAccount,
  addGrants,
  type Database,
  defaultNetworks,
  type Inventory,
  type InventoryPoint,
  importInventory,
  type NetworkSettings,
  openSession,
  writeNetworks,
} from "@energsys/store";
import { testDatabase, testKeyProvider, testKeyRing, urlOfRole } from "@energsys/store/testing";
import type { FastifyInstance, InjectOptions } from "fastify";
import { pino } from "pino";
import { Value } from "typebox/value";
import { afterAll } from "vitest";
import { contract, namedSchemas, type OperationId } from "../src/contract.ts";
import { createFirstToken, openServer, type ServerOptions } from "../src/index.ts";
import type { Right } from "../src/security/catalogue.ts";
import type { Services } from "../src/services.ts";

const loopbackToo = Object.fromEntries(
  Object.entries(defaultNetworks).map(([purpose, entries]) => [
    purpose,
    [...entries, "127.0.0.0/8", "::1/128"],
  ]),
) as unknown as NetworkSettings;

export const host = "127.0.0.1:8420";
export const origin = `http://${host}`;
export const password = "foarte-lung-si-sigur-9";

/** A clock that a test moves; it starts at the real time, since the database has a clock of its own. */
export class TestClock {
  ms = Date.now();
  readonly now = () => this.ms;
}

export interface TestServer {
  readonly db: Database;
  readonly url: string;
  readonly app: FastifyInstance;
  readonly services: Services;
  readonly clock: TestClock;
}

/** A server on a database of its own, closed after the file's tests. */
export async function testServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const { db, url, drop } = await testDatabase();
  // The devices, directories and providers of tests are on this machine.
  await writeNetworks(db, loopbackToo);
  const clock = new TestClock();
  const { app, services, close } = await openServer({
    databaseUrl: urlOfRole(url, "app_web"),
    logger: pino({ level: "silent" }),
    now: clock.now,
    keyProvider: testKeyProvider,
    zone: "Europe/Bucharest",
    ...options,
    // Injected calls all come from one address.
    limits: {
      anonymousPerMinute: 100_000,
      userPerMinute: 100_000,
      loginPerMinute: 1_000,
      exportPerMinute: 1_000,
      refusalMs: 1,
      ...options.limits,
    },
  });
  afterAll(async () => {
    await close();
    await drop();
  });
  // Compiling every schema stands still for seconds on a busy machine, long enough for a connection to be given up.
  await app.ready();
  while (!services.availability.up) await wait(50);
  return { db, url, app, services, clock };
}

export interface Person {
  readonly cookie: string;
  readonly csrfToken: string;
}

const cookieOf = (setCookie: unknown): string => String(setCookie).split(";", 1)[0]!;

/** The first account, made as a browser would. */
export async function firstAccount({ app, db, clock }: TestServer, name = "ana"): Promise<Person> {
  const token = await createFirstToken(db, clock.ms);
  const make = () =>
    app.inject({
      method: "POST",
      url: "/api/first-account",
      headers: { host, origin },
      payload: { token, name, displayName: "Ana Vior", password, language: "ro" },
    });
  let answer = await make();
  // A database that was just made may be slow on a busy machine: whoever is told that it is away comes again.
  for (let again = 0; answer.statusCode === 503 && again < 20; again++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    answer = await make();
  }
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return { cookie: cookieOf(answer.headers["set-cookie"]), csrfToken: answer.json().csrfToken };
}

/** Somebody with single rights, each in a branch and below it, or everywhere. */
export async function personWith(
  { db, clock }: TestServer,
  name: string,
  rights: Readonly<Partial<Record<Right, number | "everywhere">>>,
): Promise<Person & { readonly accountId: number }> {
  const account = await addAccount(db, { name, displayName: name, passwordHash: "none", language: "ro" });
  const { accountId } = account!;
  const validFromMs = clock.ms - 86_400_000;
  const grants = Object.entries(rights).map(([action, where]) => ({
    ...{ roleId: null, action, branchId: where === "everywhere" ? null : where, supplierId: null },
    ...{ validFromMs, validUntilMs: clock.ms + 86_400_000, reason: "as a test asks" },
  }));
  await addGrants(db, { accountId, grants, grantedBy: null, nowMs: clock.ms });
  const id = randomBytes(32).toString("base64url");
  await openSession(db, {
    sha256: createHash("sha256").update(id).digest(),
    ...{ accountId, csrfToken: "csrf", nowMs: clock.ms, endsAtMs: clock.ms + 86_400_000 },
  });
  return { accountId, cookie: `sid=${id}`, csrfToken: "csrf" };
}

/** Calls as that person's browser; every JSON answer is compared with what its route declares. */
export function browserOf({ app }: TestServer, person: Person) {
  return async (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, payload?: object) => {
    const request: InjectOptions = {
      method,
      url: `/api${path}`,
      headers: { host, origin, cookie: person.cookie, "x-csrf-token": person.csrfToken },
      ...(payload === undefined ? {} : { payload }),
    };
    const answer = await app.inject(request);
    const type = String(answer.headers["content-type"] ?? "");
    const isJson = /^application\/(?:problem\+)?json/.test(type);
    if (isJson && answer.statusCode < 300) checkAnswer(method, path, answer.json());
    return {
      status: answer.statusCode,
      body: isJson ? answer.json() : undefined,
      text: answer.body,
      bytes: answer.rawPayload,
      headers: answer.headers,
    };
  };
}
export type Browser = ReturnType<typeof browserOf>;

const components = Object.fromEntries(namedSchemas.map((schema) => [`${schema.$id}#`, schema]));

/** Puts named schemas in place, since the checker knows no references by name. */
const inlined = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(inlined);
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref, $id: _, ...rest } = schema as { $ref?: string; $id?: string };
  if ($ref !== undefined) return inlined(components[$ref]);
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, inlined(value)]));
};

function checkAnswer(method: string, path: string, body: unknown): void {
  const plain = path.split("?", 1)[0]!;
  for (const operationId of Object.keys(contract) as OperationId[]) {
    const operation = contract[operationId];
    const pattern = new RegExp(
      `^${operation.url
        .replaceAll(".", "\\.")
        .replace(/:report\b/, "[a-z-]+")
        .replaceAll(/:\w+/g, "\\d+")}$`,
    );
    if (operation.method !== method || !pattern.test(plain)) continue;
    const schema = inlined(operation.answer) as object;
    if (Value.Check(schema, body)) return;
    throw new Error(
      `${operationId} answers otherwise than it declares: ${JSON.stringify([...Value.Errors(schema, body)].slice(0, 5))}`,
    );
  }
  throw new Error(`no operation for ${method} ${path}`);
}

/** A point of the test network, number `n`. */
export const networkPoint = (n: number, changes: Partial<InventoryPoint> = {}): InventoryPoint => ({
  pod: `RO001EMO${String(n).padStart(7, "0")}`,
  name: `Loc de consum ${n}`,
  address: `Str. Șoseaua Păcii ${n}, Țițești`,
  branch: ["Argeș", n % 2 === 0 ? "Pitești" : "Câmpulung"],
  phases: 1,
  meter: {
    serial: `4000${String(n).padStart(6, "0")}`,
    manufacturer: "ISK",
    model: "iskra-me162",
    phases: 1,
  },
  installedAt: "2024-01-01T00:00:00Z",
  device: {
    identity: `ISK${n}`,
    model: "iskra-me162",
    url: `iec62056-21+tcp://127.0.0.1:${10_000 + (n % 50_000)}?mode=C`,
    direction: "dial",
  },
  ...changes,
});

export async function importPoints(
  db: Database,
  points: readonly InventoryPoint[],
  plan?: Inventory["plan"],
): Promise<void> {
  await importInventory(
    db,
    { branches: [], points, ...(plan ? { plan } : {}) },
    {
      keyRing: testKeyRing(db),
    },
  );
}
