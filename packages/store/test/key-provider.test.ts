import { randomBytes } from "node:crypto";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type KeyProvider, keyProviderOf } from "../src/index.ts";
import { temporaryFolder } from "../src/testing.ts";

const folder = temporaryFolder("keys");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hex = () => randomBytes(32).toString("hex");
const keyFile = (name: string, text: string, mode = 0o400) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test.each([
  ["none at all", {}, "secret.key-missing"],
  ["a file that is not there", { ENERGSYS_MASTER_KEY_FILE: join(folder, "none") }, "secret.key-file"],
  ["an empty file", { ENERGSYS_MASTER_KEY_FILE: keyFile("empty", "\n# later\n") }, "secret.key-file"],
  ["a short key", { ENERGSYS_MASTER_KEY: hex().slice(2) }, "secret.key-file"],
  ["a passphrase", { ENERGSYS_MASTER_KEY: "correct horse battery staple" }, "secret.key-file"],
  ["one byte over and over", { ENERGSYS_MASTER_KEY: "a5".repeat(32) }, "secret.key-sample"],
  [
    "the bytes of the standard's examples",
    { ENERGSYS_MASTER_KEY: Buffer.from(Array.from({ length: 32 }, (_, i) => 0xd0 + i)).toString("hex") },
    "secret.key-sample",
  ],
  ["half a key twice", { ENERGSYS_MASTER_KEY: hex().slice(0, 32).repeat(2) }, "secret.key-sample"],
  [
    "a file that a group may read",
    { ENERGSYS_MASTER_KEY_FILE: keyFile("open", hex(), 0o440) },
    "secret.key-mode",
  ],
  [
    "two places",
    { ENERGSYS_MASTER_KEY: hex(), ENERGSYS_MASTER_KEY_FILE: keyFile("good", hex()) },
    "secret.key-choice",
  ],
])("a master key from %s is refused", (_, environment, code) => {
  expect(codeOf(() => keyProviderOf(environment))).toBe(code);
});

// A real process: what stands in front of a key management service speaks like this.
const program = keyFile(
  "wrap.mjs",
  `
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
let text = "";
for await (const chunk of process.stdin) text += chunk;
const { operation, version, context, bytes } = JSON.parse(text);
const keyOf = (name) => createHash("sha256").update("only this program knows " + name).digest();
const answer = (object) => process.stdout.write(JSON.stringify(object));
if (operation === "current") answer({ version: "hsm/2" });
else if (operation === "wrap") {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyOf("hsm/2"), iv).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([iv, cipher.update(bytes, "base64"), cipher.final(), cipher.getAuthTag()]);
  answer({ version: "hsm/2", bytes: sealed.toString("base64") });
} else {
  const sealed = Buffer.from(bytes, "base64");
  const decipher = createDecipheriv("aes-256-gcm", keyOf(version), sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-16));
  try {
    answer({ bytes: Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString("base64") });
  } catch {
    answer({ error: "the key does not open it" });
  }
}
`,
);
const silent = keyFile("words.mjs", `process.stdout.write("Welcome to the key service!")`);

const providers: [string, () => KeyProvider][] = [
  [
    "a file",
    () => keyProviderOf({ ENERGSYS_MASTER_KEY_FILE: keyFile(`key-${hex()}`, `# two\n${hex()}\n`, 0o600) }),
  ],
  ["the environment", () => keyProviderOf({ ENERGSYS_MASTER_KEY: hex() })],
  ["a program", () => keyProviderOf({ ENERGSYS_KEY_COMMAND: JSON.stringify([process.execPath, program]) })],
];

test.each(providers)("a master key in %s wraps and unwraps, bound to its context", async (_, open) => {
  const provider = open();
  const key = randomBytes(32);
  const wrapped = await provider.wrap(key, "data_key|1|meter-key|2026");
  expect(wrapped.version).toBe(await provider.current());
  expect(Buffer.from(wrapped.wrapped).includes(key)).toBe(false);
  expect(await provider.unwrap(wrapped, "data_key|1|meter-key|2026")).toEqual(key);
  await expect(provider.unwrap(wrapped, "data_key|2|meter-key|2026")).rejects.toMatchObject({
    code: expect.stringMatching(/^secret\./),
  });
});

test("a program that fails, chats or is not there is told from a wrong key", async () => {
  for (const words of [
    ["/nowhere/kms"],
    [process.execPath, silent],
    [process.execPath, "-e", "process.exit(3)"],
  ]) {
    const provider = keyProviderOf({ ENERGSYS_KEY_COMMAND: JSON.stringify(words) });
    await expect(provider.current()).rejects.toMatchObject({ code: "secret.key-command" });
  }
});
