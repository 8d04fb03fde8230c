import { spawn } from "node:child_process";
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import type { Binaries } from "./binaries.ts";
import type { ServerFolder } from "./folder.ts";
import type { ServerUser } from "./owner.ts";

export const superuser = "energsys";

/** Environment of the server's programs: a locale that every machine has, and nothing of ours. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH ?? "/usr/bin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
});

export const runAs = (user: ServerUser): { uid?: number; gid?: number } =>
  user.other ? { uid: user.uid, gid: user.gid } : {};

/**
 * Makes the cluster when there is none. It is built beside its place and moved there when it is whole, so that a power
 * cut in the middle leaves nothing that looks like a database.
 * @throws StoreError `postgres.disk-full`, `postgres.initdb-failed`, `postgres.version-mismatch`
 */
export async function makeCluster(
  folder: ServerFolder,
  binaries: Binaries,
  user: ServerUser,
  password: string,
): Promise<boolean> {
  const versionFile = join(folder.data, "PG_VERSION");
  if (existsSync(versionFile)) {
    const found = readFileSync(versionFile, "utf8").trim();
    if (found === binaries.major) return false;
    throw new StoreError(
      "postgres.version-mismatch",
      `${folder.data} was made by PostgreSQL ${found}, the server here is ${binaries.major}: export there, import here`,
    );
  }
  const unfinished = `${folder.data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = join(folder.root, "password.new");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.other) chownSync(passwordFile, user.uid, user.gid);
  try {
    // Without these the encoding comes from LANG: SQL_ASCII where it is unset, a failure where the machine lacks the locale.
    const { status, output } = await runToEnd(binaries.initdb, user, [
      ...["-D", unfinished, "-U", superuser, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"],
      ...["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"],
    ]);
    if (status !== 0) {
      throw /No space left|Disk quota/i.test(output)
        ? new StoreError("postgres.disk-full", `no space left for ${folder.data}`)
        : new StoreError("postgres.initdb-failed", output.trim().split("\n").slice(-5).join("\n"));
    }
    renameSync(unfinished, folder.data);
    return true;
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function runToEnd(
  path: string,
  user: ServerUser,
  args: readonly string[],
): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      ...runAs(user),
      cwd: "/",
      env: serverEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8192);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", (cause) =>
      reject(new StoreError("postgres.start-failed", `cannot run ${path}`, cause)),
    );
    child.on("close", (status) => resolve({ status: status ?? -1, output }));
  });
}
