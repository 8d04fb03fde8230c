import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  addMasterKey,
  cancelKeyWork,
  countDataKeys,
  countMeterKeys,
  countOnRetired,
  type Database,
  type DataKeyKind,
  exportKeys,
  findDeviceIds,
  findKeyRecipient,
  forgetMasterKeys,
  importKeys,
  importSwitchingSecrets,
  type KeyProvider,
  KeyRing,
  keyFileBytesMax,
  keyProviderOf,
  listKeyWork,
  queueKeyRolls,
  type RollGroup,
  raiseCounters,
  readKeyPolicy,
  reindexPersonal,
  resealRetired,
  retireDataKeys,
  rewrapDataKeys,
  rollGroups,
  rotatedKinds,
  writeKeyPolicy,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { dataFolder, presentKeyEnvironment } from "../supervisor/data-folder.ts";
import { type Common, common, wholeNumber } from "./options.ts";
import { withDatabase } from "./with-database.ts";

interface Keys {
  readonly db: Database;
  readonly ring: KeyRing;
  readonly provider: KeyProvider;
  /** The file of the master key, where it is one. */
  readonly file: string | undefined;
}

function withKeys<T>({ data }: Common, work: (keys: Keys) => Promise<T>): Promise<T> {
  const environment = presentKeyEnvironment(dataFolder(data));
  const provider = keyProviderOf(environment);
  return withDatabase(data, async (db) =>
    work({
      db,
      provider,
      ring: await KeyRing.open(db, provider),
      file: environment.ENERGSYS_MASTER_KEY_FILE,
    }),
  );
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const tell = ({ json }: Common, result: object, lines: readonly string[]) => {
  if (json) say(JSON.stringify(result));
  else for (const line of lines) say(line);
};
/** Progress goes where the result does not. */
const progress = (line: string) => process.stderr.write(`${line}\n`);

export function addKeys(program: Command): void {
  const keys = program.command("keys").description("the keys that seal, and the keys of devices");

  common(keys.command("status").description("data keys by master key, keys of devices by state")).action(
    (options: Common) =>
      withKeys(options, async ({ db, provider }) => {
        const [current, dataKeys, meterKeys] = [
          await provider.current(),
          await countDataKeys(db),
          await countMeterKeys(db),
        ];
        tell(options, { master: current, dataKeys, meterKeys }, [
          `master key ${current}`,
          ...dataKeys.map(
            ({ master, dataKeys: count }) =>
              `  ${count} data keys under ${master}${master === current ? "" : " (older)"}`,
          ),
          ...meterKeys.map(
            (row) =>
              `  ${String(row.keys).padStart(8)}  ${row.kind} ${row.state}${
                row.counterAlarms > 0 ? `; ${row.counterAlarms} have used half of their counters` : ""
              }`,
          ),
        ]);
      }),
  );

  common(
    keys
      .command("rotate-master")
      .description(
        "a new master key: data keys are wrapped anew, secrets stay; it may be stopped and run again",
      ),
  )
    .option("--forget-old", "take master keys out of the file that nothing here needs; old backups still do")
    .action((options: Common & { forgetOld?: boolean }) =>
      withKeys(options, (held) => rotateMaster(held, options)),
    );

  common(
    keys
      .command("rotate-data")
      .description(
        "new data keys for a kind of secret: its values are sealed anew; Ctrl+C leaves the rest for the next run",
      )
      .argument("<kind>", rotatedKinds.join(", ")),
  )
    .option("--resume", "go on with what an earlier run left; no new data key")
    .action((kind: string, options: Common & { resume?: boolean }) => {
      const found = rotatedKinds.find((each) => each === kind);
      if (!found) throw new CliError("key.kind-unknown", `${kind} is none of ${rotatedKinds.join(", ")}`);
      return withKeys(options, (held) => rotateData(held, found, options));
    });

  common(
    keys
      .command("reindex-personal")
      .description(
        "a new key for the hashes that personal data is found by; Ctrl+C leaves the rest for the next run",
      ),
  ).action((options: Common) => withKeys(options, (held) => reindex(held, options)));

  common(keys.command("recipient").description("whom others encrypt key files to (age)")).action(
    (options: Common) =>
      withKeys(options, async ({ db, ring }) => {
        const recipient = await findKeyRecipient(db, ring);
        tell(options, { recipient }, [recipient]);
      }),
  );

  common(
    keys
      .command("export")
      .description("keys in use, encrypted to recipients (age); the log says to whom")
      .argument("[devices...]", "identities of devices; all when none is named"),
  )
    .requiredOption("--recipient <age1…>", "who may open it; may be given again", collect, [])
    .requiredOption("--out <file>", "the file to write")
    .action((identities: string[], options: Common & { recipient: string[]; out: string }) =>
      withKeys(options, async ({ db, ring }) => {
        const deviceIds = await findDeviceIds(db, identities);
        const { file, ...counts } = await exportKeys(db, ring, { recipients: options.recipient, deviceIds });
        writeFileSync(options.out, file, { mode: 0o600, flag: "wx" });
        tell(options, counts, [`${counts.keys} keys of ${counts.devices} devices in ${options.out}`]);
      }),
    );

  common(
    keys
      .command("import")
      .description("takes over the keys of a file, all of it or nothing")
      .argument("<file>", "encrypted to `energsys keys recipient`, or to an identity that you have"),
  )
    .option("--identity <file>", "file with an age identity (AGE-SECRET-KEY-…), mode 0400")
    .action((path: string, options: Common & { identity?: string }) =>
      withKeys(options, async ({ db, ring }) => {
        const outcome = await importKeys(db, ring, readKeyFile(path), {
          by: "cli",
          ...(options.identity === undefined ? {} : { identity: identityOf(options.identity) }),
        });
        tell(options, outcome, [
          `${outcome.keys} new keys of ${outcome.devices} devices`,
          ...outcome.unknown.slice(0, 20).map((identity) => `  no device is called ${identity}`),
        ]);
      }),
    );

  common(
    keys
      .command("roll")
      .description(
        "new keys for devices: sent, proven by a read, then taken into use; a running head-end does it",
      )
      .argument("[devices...]", "identities of devices"),
  )
    .option("--all", "every device that has the keys for it")
    .option("--what <what>", `what is changed: ${Object.keys(rollGroups).join(", ")}`, rollGroup, "cipher")
    .option("--no-wait", "do not wait for the end; Ctrl+C takes back what has not begun")
    .action((identities: string[], options: Common & { all?: boolean; wait: boolean; what: RollGroup }) => {
      if (identities.length === 0 && !options.all)
        throw new CliError("device.unknown", "name devices, or --all");
      return withDatabase(options.data, (db) => roll(db, identities, options));
    });

  common(
    keys
      .command("switching")
      .description(
        "secrets of the client that may switch a supply: sealed so that the dispatcher alone opens them",
      )
      .argument(
        "<file>",
        "key file, encrypted as for import; of each device only keys and passwords of that client",
      ),
  )
    .option("--identity <file>", "file with an age identity (AGE-SECRET-KEY-…), mode 0400")
    .action((path: string, options: Common & { identity?: string }) =>
      withKeys(options, async ({ db, ring }) => {
        const environment = process.env.ENERGSYS_DISPATCHER_KEY_FILE;
        const file = environment ?? join(dataFolder(options.data), "dispatcher.key");
        const dispatcher = await KeyRing.open(db, keyProviderOf({ ENERGSYS_MASTER_KEY_FILE: file }), {
          kinds: ["switching"],
        });
        const outcome = await importSwitchingSecrets(db, { ring, dispatcher }, readKeyFile(path), {
          ...(options.identity === undefined ? {} : { identity: identityOf(options.identity) }),
        });
        tell(options, outcome, [
          `${outcome.secrets} secrets of ${outcome.devices} devices, which the dispatcher alone opens`,
        ]);
      }),
    );

  common(
    keys
      .command("policy")
      .description("what an import of keys lets through; shows it, or sets what is given")
      .option(
        "--shared-authentication <on|off>",
        "an authentication key may be that of many devices",
        onOrOff,
      ),
  ).action((options: Common & { sharedAuthentication?: boolean }) =>
    withDatabase(options.data, async (db) => {
      const { sharedAuthentication } = options;
      if (sharedAuthentication !== undefined) await writeKeyPolicy(db, { sharedAuthentication });
      const policy = await readKeyPolicy(db);
      tell(options, policy, [
        `shared authentication keys ${policy.sharedAuthentication ? "are taken" : "are refused"}`,
      ]);
    }),
  );

  common(
    keys
      .command("after-restore")
      .description(
        "raises the invocation counters of every key: none that was used after the backup comes again",
      ),
  )
    .option("--by <n>", "how far", wholeNumber(1, 2 ** 31), 1_000_000)
    .action((options: Common & { by: number }) =>
      withDatabase(options.data, async (db) => {
        const raised = await raiseCounters(db, options.by);
        tell(options, { raised, by: options.by }, [`counters of ${raised} keys raised by ${options.by}`]);
      }),
    );
}

async function roll(
  db: Database,
  identities: readonly string[],
  options: Common & { readonly wait: boolean; readonly what: RollGroup },
): Promise<void> {
  const subject = identities.length === 0 ? "all" : identities.slice(0, 5).join(", ");
  const deviceIds = await findDeviceIds(db, identities);
  const { keyWorkId } = await queueKeyRolls(db, {
    deviceIds,
    kinds: rollGroups[options.what],
    subject,
    by: "cli",
  });
  const state = async () => (await listKeyWork(db, keyWorkId))[0]!;
  const onSignal = () => void cancelKeyWork(db, keyWorkId);
  process.once("SIGINT", onSignal);
  let now = await state();
  for (let said = ""; options.wait && now.open > 0; now = await state()) {
    const line = `${now.done} of ${now.total} changed, ${now.failed} failed, ${now.open} to go`;
    if (line !== said) progress(line);
    said = line;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  process.off("SIGINT", onSignal);
  const { total, done, failed, cancelled, open } = now;
  tell(options, { keyWorkId, total, done, failed, cancelled, open }, [
    `${done} of ${total} devices have new keys; ${failed} failed, ${cancelled} taken back, ${open} to go`,
  ]);
  if (failed > 0) process.exitCode = 1;
}

async function rotateMaster(
  { db, provider, file }: Keys,
  options: Common & { readonly forgetOld?: boolean },
): Promise<void> {
  const current = await provider.current();
  const older = (await countDataKeys(db)).filter(({ master }) => master !== current);
  // What is under an older one was left by a run that was stopped: that is finished first.
  if (older.length === 0 && file !== undefined) progress(`new master key ${addMasterKey(file)}`);
  const { master, rewrapped } = await rewrapDataKeys(db, provider, {
    onProgress: (left) => progress(`${left} data keys remain on the old version`),
  });
  const left = (await countDataKeys(db)).filter((row) => row.master !== master);
  const switching = left.reduce((sum, { dataKeys }) => sum + dataKeys, 0);
  const forgotten =
    options.forgetOld && file !== undefined
      ? forgetMasterKeys(file, new Set((await countDataKeys(db)).map((row) => row.master)))
      : [];
  tell(options, { master, rewrapped, left: switching, forgotten }, [
    `${rewrapped} data keys wrapped by ${master}; 0 remain on the old version`,
    ...(switching > 0 ? [`${switching} belong to the dispatcher's own master key`] : []),
    ...forgotten.map((version) => `${version} is out of the file: backups made before today need it`),
  ]);
}

async function rotateData(
  { db, ring }: Keys,
  kind: DataKeyKind,
  options: Common & { readonly resume?: boolean },
): Promise<void> {
  const waiting = await countOnRetired(db, kind);
  if (waiting === 0 && !options.resume) await retireDataKeys(db, kind);
  else if (waiting > 0) progress(`${waiting} values are left of an earlier run`);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal);
  const outcome = await resealRetired(db, ring, kind, {
    signal: stop.signal,
    onProgress: ({ done, total }) => progress(`${done} of ${total} sealed anew`),
  });
  process.off("SIGINT", onSignal);
  tell(options, { kind, ...outcome }, [
    `${outcome.resealed} values of ${kind} sealed anew; ${outcome.left} remain on the old data keys`,
  ]);
  if (outcome.left > 0) process.exitCode = 1;
}

/** @throws CliError `key-file.content` */
function readKeyFile(path: string): Uint8Array {
  if (statSync(path).size > keyFileBytesMax)
    throw new CliError("key-file.content", `${path} is larger than 50 MiB`);
  return readFileSync(path);
}

function rollGroup(text: string): RollGroup {
  if (!Object.hasOwn(rollGroups, text))
    throw new InvalidArgumentError(`one of ${Object.keys(rollGroups).join(", ")} is wanted`);
  return text as RollGroup;
}

function onOrOff(text: string): boolean {
  if (text !== "on" && text !== "off") throw new InvalidArgumentError("on or off is wanted");
  return text === "on";
}

async function reindex({ db, ring }: Keys, options: Common): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal);
  const outcome = await reindexPersonal(db, ring, {
    signal: stop.signal,
    onProgress: (done) => progress(`${done} rows have new hashes`),
  });
  process.off("SIGINT", onSignal);
  tell(options, outcome, [`${outcome.reindexed} rows have new hashes; ${outcome.left} keep old ones`]);
  if (outcome.left > 0) process.exitCode = 1;
}

const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

/** An identity file as age writes it: remarks and one line. */
function identityOf(path: string): string {
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0)
    throw new CliError("secret.key-mode", `${path}: only its owner may read it (0400)`);
  const line = readFileSync(path, "utf8")
    .split("\n")
    .map((each) => each.trim())
    .find((each) => each.startsWith("AGE-SECRET-KEY-"));
  if (!line) throw new CliError("key-file.unreadable", `${path} holds no age identity`);
  return line;
}
