import type { IdentitySource } from "@energsys/store";
import { DirectoryError, type Step, withDirectory } from "./connection.ts";
import type { Directories } from "./directories.ts";
import { findByName, takesPassword } from "./people.ts";
import type { DirectorySettings } from "./settings.ts";

export interface TrialStep {
  readonly server: string;
  readonly step: Step;
  /** What went wrong; `null` when it went well. */
  readonly code: string | null;
  readonly detail: string | null;
}

const withinMs = 5_000;

/** Tries every server of a directory, step by step, and looks a person up when a name is given. */
export async function tryDirectory(
  directories: Directories,
  settings: DirectorySettings,
  secret: string,
  person: { readonly name: string; readonly password: string } | undefined,
): Promise<TrialStep[]> {
  const mayConnect = await directories.mayConnect();
  const tried: TrialStep[] = [];
  for (const server of settings.servers) {
    const well = (step: Step, detail: string | null = null) =>
      tried.push({ server, step, code: null, detail });
    const badly = (step: Step, code: string, detail: string | null) =>
      tried.push({ server, step, code, detail });
    let last: Step | undefined;
    const onStep = (step: Step) => {
      last = step;
      well(step);
    };
    try {
      await withDirectory({ server, settings, secret, withinMs, mayConnect, onStep }, async (client) => {
        if (!person) return;
        const found = await findByName(client, settings, person.name);
        if (!found) return badly("search", "directory.no-person", null);
        well("search", `${found.dn} (${found.subject})`);
        well("groups", found.groups.join("\n"));
        if (person.password === "") return;
        if (await takesPassword(client, found.dn, person.password)) well("password");
        else badly("password", "directory.password", null);
      });
      directories.wake([server]);
    } catch (error) {
      if (!(error instanceof DirectoryError)) throw error;
      badly(stepOf(error, last), error.code, error.message);
    }
  }
  return tried;
}

/** Where it broke: what the error says, or the step after the last that went well. */
function stepOf({ code }: DirectoryError, last: Step | undefined): Step {
  if (code === "directory.certificate") return "tls";
  if (code === "directory.service-account" || code === "directory.secret") return "service-account";
  return last === undefined ? "connect" : last === "tls" ? "service-account" : "search";
}

/** The secret that was given, else the stored one. */
export async function trialSecret(
  directories: Directories,
  given: string | undefined,
  stored: IdentitySource | undefined,
): Promise<string> {
  if (given !== undefined) return given;
  if (stored) return directories.secretOf(stored);
  throw new DirectoryError("directory.secret", "the password of the service account is missing");
}
