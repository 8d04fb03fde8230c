import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { host, testServer } from "./harness.ts";

const folder = await mkdtemp(join(tmpdir(), "energsys-web-"));
afterAll(() => rm(folder, { recursive: true }));
const script = `console.log("${"metering ".repeat(500)}");`;
await mkdir(join(folder, "assets"));
await writeFile(
  join(folder, "index.html"),
  '<!doctype html><meta name="style-nonce" content="__NONCE__"><div id="root"></div>',
);
await writeFile(join(folder, "assets/index-B1x2.js"), script);
await writeFile(join(folder, "icon.svg"), "<svg/>");
const { app } = await testServer({ webRoot: folder });
const bare = await testServer();

const get = (url: string, headers: object = {}) => app.inject({ url, headers: { host, ...headers } });

test.each(["/", "/op", "/points", "/points/12?tab=curve", "/first-run", "/index.html"])(
  "%s gives the page",
  async (url) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
    });
    expect(answer.body).toContain('<div id="root">');
  },
);

test("each page has a nonce of its own, in it and in its policy, and no inline script may run", async () => {
  const [first, second] = await Promise.all([get("/"), get("/")]);
  const nonceOf = (answer: typeof first) => /content="([^"]+)"/.exec(answer.body)![1]!;
  expect(nonceOf(first)).not.toBe(nonceOf(second));
  const policy = String(first.headers["content-security-policy"]).split(";");
  expect(policy).toContain(`style-src 'self' 'nonce-${nonceOf(first)}'`);
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy.join()).not.toContain("unsafe");
});

test("files with a hash in their name are kept for ever, and come packed as the browser likes", async () => {
  const plain = await get("/assets/index-B1x2.js");
  expect(plain.body).toBe(script);
  expect(plain.headers).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
  });
  const br = await get("/assets/index-B1x2.js", { "accept-encoding": "gzip, deflate, br" });
  expect(br.headers["content-encoding"]).toBe("br");
  expect(brotliDecompressSync(br.rawPayload).toString()).toBe(script);
  const gzip = await get("/assets/index-B1x2.js", { "accept-encoding": "gzip" });
  expect(gunzipSync(gzip.rawPayload).toString()).toBe(script);
  expect((await get("/icon.svg")).headers["cache-control"]).toBe("no-cache");
});

test.each([
  "/assets/gone.js",
  "/assets/..%2f..%2fetc%2fpasswd.txt",
  "/../package.json",
  "/api",
  "/api/nothing",
  "/favicon.ico",
])("%s is not there", async (url) => {
  const answer = await get(url);
  expect([answer.statusCode, answer.json().code]).toEqual([404, "route.not-found"]);
});

test("without a built application the address says so", async () => {
  const answer = await bare.app.inject({ url: "/op", headers: { host } });
  expect([answer.statusCode, answer.json().code]).toEqual([404, "web.not-built"]);
});

test("a page for a foreign name is refused", async () => {
  expect((await get("/", { host: "evil.example" })).statusCode).toBe(421);
});
