import { spawn } from "node:child_process";
import { StoreError } from "../errors.ts";
import type { KeyProvider } from "./key-provider.ts";

const answerMs = 10_000;
const answerBytesMax = 64 * 1024;

interface Answer {
  readonly version?: unknown;
  readonly bytes?: unknown;
  readonly error?: unknown;
}

/**
 * A program that wraps and unwraps, such as a client of a key management service. It is started for each call, gets one JSON
 * object on its input and answers with one (docs/secrets.md). Keys go through pipes, never through arguments.
 * @throws StoreError `secret.key-command` when it does not start, is silent for 10 s, fails, or answers something else
 */
export function commandKeyProvider(command: string): KeyProvider {
  const words = wordsOf(command);
  const call = async (request: object): Promise<Answer> => {
    const answer = await run(words, JSON.stringify(request));
    if (typeof answer.error === "string") {
      throw new StoreError("secret.key-command", `${words[0]}: ${answer.error.slice(0, 200)}`);
    }
    return answer;
  };
  const versionOf = ({ version }: Answer): string => {
    if (typeof version === "string" && /^[\w.:/-]{1,200}$/.test(version)) return version;
    throw new StoreError("secret.key-command", `${words[0]} names no version of its key`);
  };
  const bytesOf = ({ bytes }: Answer): Uint8Array => {
    const decoded = typeof bytes === "string" ? Buffer.from(bytes, "base64") : Buffer.alloc(0);
    if (decoded.length > 0) return decoded;
    throw new StoreError("secret.key-command", `${words[0]} gives no bytes`);
  };
  return {
    current: async () => versionOf(await call({ operation: "current" })),
    async wrap(key, context) {
      const bytes = Buffer.from(key).toString("base64");
      const answer = await call({ operation: "wrap", context, bytes });
      return { version: versionOf(answer), wrapped: bytesOf(answer) };
    },
    async unwrap({ version, wrapped }, context) {
      const bytes = Buffer.from(wrapped).toString("base64");
      return bytesOf(await call({ operation: "unwrap", version, context, bytes }));
    },
  };
}

/** A JSON array of words, or words between spaces. */
function wordsOf(command: string): string[] {
  if (!command.trim().startsWith("[")) return command.trim().split(/\s+/);
  try {
    const words: unknown = JSON.parse(command);
    if (Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === "string")) {
      return words;
    }
  } catch {
    // said below
  }
  throw new StoreError("secret.key-command", "ENERGSYS_KEY_COMMAND is no JSON array of words");
}

function run([program, ...args]: readonly string[], request: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string, cause?: unknown) =>
      reject(new StoreError("secret.key-command", `${program} ${detail}`, cause));
    const child = spawn(program as string, args, { stdio: ["pipe", "pipe", "ignore"] });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail(`did not answer within ${answerMs / 1000} s`);
    }, answerMs);
    let text = "";
    child.on("error", (error) => {
      clearTimeout(timer);
      fail("cannot be started", error);
    });
    child.stdin.on("error", () => {}); // it ended without reading: its exit tells
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.length > answerBytesMax) child.kill("SIGKILL");
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code !== 0) return fail(`ended with ${code ?? "a signal"}`);
      try {
        resolve(JSON.parse(text) as Answer);
      } catch {
        // The answer may hold a key: it is not repeated.
        fail("answers with no JSON");
      }
    });
    child.stdin.end(request);
  });
}
