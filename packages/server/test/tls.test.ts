import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { connect, rootCertificates } from "node:tls";
import { issueCertificate, makeAuthority } from "@energsys/store";
import { temporaryFolder } from "@energsys/store/testing";
import { afterAll, afterEach, expect, test } from "vitest";
import { type RunningServer, type ServerOptions, startServer } from "../src/index.ts";
import { createLogger } from "../src/logger.ts";
import { loadIdentity } from "../src/tls/identity.ts";

const folder = temporaryFolder("tls");
const dayMs = 86_400_000;
const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** No database is needed: health answers without one, and so does everything before a handler. */
async function start(options: Partial<ServerOptions>): Promise<{ server: RunningServer; port: number }> {
  const server = await startServer({
    databaseUrl: "postgres://nobody@127.0.0.1:1/none",
    host: "127.0.0.1",
    port: 0,
    logger: createLogger("silent"),
    ...options,
  });
  running.push(server);
  return { server, port: Number(new URL(server.url).port) };
}

const ask = (
  port: number,
  options: { ca?: string; host?: string; maxVersion?: "TLSv1.1" | "TLSv1.2" },
): Promise<{ status: number; headers: Record<string, unknown>; fingerprint: string }> =>
  new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port,
        path: "/api/health",
        agent: false,
        // Under a name that the certificate does not have: what the server says to it is asked here, not what a browser would.
        ...(options.host ? { checkServerIdentity: () => undefined } : {}),
        ca: options.ca ?? [...rootCertificates],
        headers: options.host ? { host: options.host } : {},
        ...(options.maxVersion
          ? { maxVersion: options.maxVersion, minVersion: options.maxVersion, ciphers: "DEFAULT:@SECLEVEL=0" }
          : {}),
      },
      (answer) => {
        answer.resume();
        const { fingerprint256 } = (
          answer.socket as unknown as { getPeerCertificate(): { fingerprint256: string } }
        ).getPeerCertificate();
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, fingerprint: fingerprint256 }),
        );
      },
    );
    call.on("error", reject);
    call.end();
  });

const sayPlainly = (port: number, text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connectTcp(port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", () => {});
  });

test("the first start makes an authority and a certificate that a client who trusts the authority accepts", async () => {
  const source = { kind: "own", folder: join(folder, "own"), names: ["energsys.example"] } as const;
  const { server, port } = await start({ tls: source });
  const ca = readFileSync(server.authorityFile!, "utf8");
  const answer = await ask(port, { ca });
  expect(answer.fingerprint).toBe(server.fingerprint);
  expect(answer.headers["strict-transport-security"]).toBeUndefined();
  expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  // Without that trust it is refused, and nothing older than TLS 1.2 is spoken.
  await expect(ask(port, {})).rejects.toMatchObject({ code: "SELF_SIGNED_CERT_IN_CHAIN" });
  await expect(ask(port, { ca, maxVersion: "TLSv1.1" })).rejects.toThrow();
  expect((await ask(port, { ca, maxVersion: "TLSv1.2" })).fingerprint).toBe(server.fingerprint);

  const certificate = new X509Certificate(readFileSync(join(source.folder, "server.pem")));
  expect(certificate.checkHost("energsys.example")).toBe("energsys.example");
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(certificate.checkIP("::1")).toBe("::1");
  expect((Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / dayMs).toBe(397);
});

test("plain HTTP to the same port is only sent on to HTTPS, and only under a name of ours", async () => {
  const { port } = await start({ tls: { kind: "own", folder: join(folder, "own"), names: [] } });
  const moved = await sayPlainly(port, `GET /op?x=1 HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  expect(moved).toMatch(/^HTTP\/1\.1 308 /);
  expect(moved).toContain(`location: https://localhost:${port}/op?x=1\r\n`);
  expect(await sayPlainly(port, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  expect(await sayPlainly(port, "\x00\x01 no HTTP at all\r\n\r\n")).not.toContain("200");
});

test("files of the user are taken up when they change, with HSTS; broken ones are not", async () => {
  const authority = makeAuthority(Date.now());
  const [certificateFile, keyFile] = [join(folder, "user.pem"), join(folder, "user.key")];
  const write = (names: string[]) => {
    const issued = issueCertificate(authority, names, Date.now());
    writeFileSync(keyFile, issued.keyPem);
    writeFileSync(certificateFile, issued.certificatePem);
    return new X509Certificate(issued.certificatePem).fingerprint256;
  };
  const first = write(["meters.example", "127.0.0.1"]);
  const { server, port } = await start({
    tls: { kind: "files", certificateFile, keyFile },
    limits: { tlsLookMs: 20 },
  });
  const ca = authority.certificatePem;
  const before = await ask(port, { ca, host: "meters.example" });
  expect(before).toMatchObject({ fingerprint: first });
  expect(before.headers["strict-transport-security"]).toBe("max-age=31536000");
  expect((await ask(port, { ca, host: "other.example" })).status).toBe(421);

  copyFileSync(keyFile, `${keyFile}.old`);
  const second = write(["meters.example", "127.0.0.1"]);
  await wait(200);
  expect((await ask(port, { ca })).fingerprint).toBe(second);
  writeFileSync(certificateFile, "half a file");
  await wait(200);
  expect((await ask(port, { ca })).fingerprint).toBe(second);
  expect(server.fingerprint).toBe(first);
});

test("files that cannot serve stop the start with what is wrong", () => {
  const authority = makeAuthority(Date.now());
  const issued = issueCertificate(authority, ["a.example"], Date.now());
  const path = (name: string) => join(folder, name);
  writeFileSync(path("a.pem"), issued.certificatePem);
  writeFileSync(path("a.key"), issued.keyPem);
  writeFileSync(path("b.key"), issueCertificate(authority, ["b.example"], Date.now()).keyPem);
  const load = (certificate: string, key: string, nowMs = Date.now()) =>
    loadIdentity({ kind: "files", certificateFile: path(certificate), keyFile: path(key) }, nowMs);
  const codeOf = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return (error as { code: string }).code;
    }
    return undefined;
  };
  expect(codeOf(() => load("a.pem", "a.key"))).toBeUndefined();
  expect(codeOf(() => load("a.pem", "b.key"))).toBe("tls.key-mismatch");
  expect(codeOf(() => load("absent.pem", "a.key"))).toBe("tls.unreadable");
  expect(codeOf(() => load("a.key", "a.pem"))).toBe("tls.unreadable");
  expect(codeOf(() => load("a.pem", "a.key", Date.now() + 400 * dayMs))).toBe("tls.expired");
});

test("an own certificate is renewed 30 days before its end by the same authority", () => {
  const source = { kind: "own", folder: join(folder, "renewed"), names: [] } as const;
  const start = Date.now();
  const first = loadIdentity(source, start);
  const authority = readFileSync(first.authorityFile!, "utf8");
  expect(loadIdentity(source, start + 366 * dayMs).fingerprint).toBe(first.fingerprint);
  const renewed = loadIdentity(source, start + 368 * dayMs);
  expect(renewed.fingerprint).not.toBe(first.fingerprint);
  expect(readFileSync(renewed.authorityFile!, "utf8")).toBe(authority);
  // Not by its own word: another implementation reads the chain too, where it is installed.
  try {
    execFileSync("openssl", ["version"]);
  } catch {
    console.warn("skipped: openssl is not installed");
    return;
  }
  const said = execFileSync(
    "openssl",
    [
      "verify",
      "-x509_strict",
      "-purpose",
      "sslserver",
      "-no_check_time",
      "-CAfile",
      first.authorityFile!,
      join(source.folder, "server.pem"),
    ],
    { encoding: "utf8" },
  );
  expect(said.trim()).toMatch(/OK$/);
});

test("an address that others reach is refused without TLS and served with it", async () => {
  const refused = startServer({ databaseUrl: "postgres://x", host: "0.0.0.0", port: 0 });
  await expect(refused).rejects.toMatchObject({ code: "server.address-refused" });
  const { server } = await start({
    host: "0.0.0.0",
    tls: { kind: "own", folder: join(folder, "own"), names: [] },
  });
  expect(server.url).toMatch(/^https:\/\/0\.0\.0\.0:\d+$/);
  const socket = connect({
    host: "127.0.0.1",
    port: Number(new URL(server.url).port),
    rejectUnauthorized: false,
  });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  expect(["TLSv1.2", "TLSv1.3"]).toContain(socket.getProtocol());
  socket.destroy();
});
