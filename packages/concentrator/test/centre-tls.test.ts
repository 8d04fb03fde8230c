import "reflect-metadata";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type TLSSocket } from "node:tls";
import { realClock } from "@energsys/drivers";
import * as x509 from "@peculiar/x509";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCentre } from "../src/centre/open-centre.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;
const identity = "ENC0000000000007";
const pem = async (key: CryptoKey) =>
  x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");

let folder: string;
let authority: string;
let issue: (name: string, host: string) => Promise<{ certificate: string; key: string }>;
const at = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tls-"));
  const validity = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) };
  const caKeys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: "CN=Field authority",
    signingAlgorithm: algorithm,
    keys: caKeys,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  authority = ca.toString("pem");
  issue = async (name, host) => {
    const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity,
      subject: `CN=${name}`,
      issuer: ca.subject,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }])],
    });
    return { certificate: certificate.toString("pem"), key: await pem(keys.privateKey) };
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A centre that shows a certificate for `host`, and the common name of whoever got through. */
async function centreFor(host: string) {
  const own = await issue("centre", host);
  const names: (string | undefined)[] = [];
  const server = createServer(
    { cert: own.certificate, key: own.key, ca: authority, requestCert: true, rejectUnauthorized: true },
    (socket: TLSSocket) => {
      names.push(socket.getPeerCertificate().subject?.CN as string | undefined);
      socket.on("error", () => {});
      socket.end();
    },
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  const port = typeof bound === "object" && bound ? bound.port : 0;
  return { port, names, stop: () => new Promise((resolve) => server.close(resolve)) };
}

const filesFor = async (name: string) => {
  const own = await issue(name, name.toLowerCase());
  return {
    certificate: at("own.pem", own.certificate),
    key: at("own.key", own.key),
    authority: at("ca.pem", authority),
  };
};

test("both sides show certificates, and the centre sees the logical device name", async () => {
  const centre = await centreFor("localhost");
  const stream = await openCentre(`localhost:${centre.port}`, await filesFor(identity), realClock);
  await new Promise<void>((resolve) => stream.onEnd(() => resolve()));
  expect(centre.names).toEqual([identity]);
  await centre.stop();
});

test("a centre whose certificate carries another name is not spoken to", async () => {
  const centre = await centreFor("elsewhere.example");
  await expect(
    openCentre(`localhost:${centre.port}`, await filesFor(identity), realClock),
  ).rejects.toMatchObject({ code: "centre.tls" });
  await centre.stop();
});

test("a centre of another authority is not spoken to, and a missing file is named", async () => {
  const centre = await centreFor("localhost");
  const files = await filesFor(identity);
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const other = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Other authority",
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + dayMs),
    signingAlgorithm: algorithm,
    keys,
  });
  const wrong = { ...files, authority: at("other.pem", other.toString("pem")) };
  await expect(openCentre(`localhost:${centre.port}`, wrong, realClock)).rejects.toMatchObject({
    code: "centre.tls",
  });
  const missing = { ...files, key: join(folder, "none.key") };
  await expect(openCentre(`localhost:${centre.port}`, missing, realClock)).rejects.toMatchObject({
    code: "centre.certificate",
  });
  await centre.stop();
});
