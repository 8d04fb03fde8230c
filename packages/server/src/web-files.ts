import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "./problem.ts";

const mediaTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};
const compressible = /^(?:text\/|application\/|image\/svg)/;

interface WebFile {
  readonly bytes: Buffer;
  readonly media: string;
  /** Made when first asked for; the same for everybody after. */
  readonly encoded: Map<"br" | "gzip", Promise<Buffer>>;
}

const encoders = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 8 }),
};

/** Reads the whole web build: a few megabytes, and no path of a request ever reaches the file system. */
async function readFiles(folder: string): Promise<ReadonlyMap<string, WebFile>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, WebFile>();
  for (const entry of names.filter((name) => name.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const media = mediaTypes[extname(entry.name)] ?? "application/octet-stream";
    files.set(`/${relative(folder, path).split(sep).join("/")}`, {
      bytes: await readFile(path),
      media,
      encoded: new Map(),
    });
  }
  return files;
}

const noncePlace = "__NONCE__";

/** The application's page may run its own scripts only, and style what carries this answer's nonce. */
const pagePolicy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join(";");

/**
 * Serves the web application: its files, and its page for every other address outside /api, which the page's own router knows.
 * Returns false when there is nothing to serve.
 */
export async function serveWeb(
  app: FastifyInstance,
  folder: string | undefined,
  config: object | undefined,
): Promise<boolean> {
  const files =
    folder === undefined ? new Map<string, WebFile>() : await readFiles(folder).catch(() => new Map());
  const page = files.get("/index.html");
  app.get("/*", { config: { ...config, action: "web" } }, async (request, reply) => {
    const path = request.url.split("?", 1)[0]!;
    if (path === "/api" || path.startsWith("/api/")) throw new Problem("route.not-found");
    const file = files.get(path);
    if (file && file !== page) return sendFile(request, reply, file, path);
    // A missing picture or script must not come back as a page.
    if (extname(path) !== "" && path !== "/index.html") throw new Problem("route.not-found");
    if (!page) throw new Problem("web.not-built");
    const nonce = randomBytes(16).toString("base64");
    return reply
      .header("content-security-policy", pagePolicy(nonce))
      .header("cache-control", "no-store")
      .type(page.media)
      .send(page.bytes.toString("utf8").replaceAll(noncePlace, nonce));
  });
  return page !== undefined;
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: WebFile, path: string) {
  const accepted = String(request.headers["accept-encoding"] ?? "");
  const encoding = compressible.test(file.media)
    ? (["br", "gzip"] as const).find((name) => accepted.includes(name))
    : undefined;
  // Only what has a hash in its name may be kept for ever.
  reply.header(
    "cache-control",
    path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
  );
  reply.header("vary", "accept-encoding").type(file.media);
  if (!encoding) return reply.send(file.bytes);
  let encoded = file.encoded.get(encoding);
  if (!encoded) {
    encoded = encoders[encoding](file.bytes);
    file.encoded.set(encoding, encoded);
  }
  return reply.header("content-encoding", encoding).send(await encoded);
}
