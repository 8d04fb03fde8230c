import { CliError } from "../cli-error.ts";

/** The server that `DATABASE_URL` names, or `undefined`: then the embedded one is used. @throws CliError `database.url-invalid` */
export function findOwnDatabase(): string | undefined {
  const url = process.env.DATABASE_URL;
  if (!url) return undefined;
  // Its text is not repeated: a password may stand in it.
  if (!/^postgres(?:ql)?:\/\/./.test(url))
    throw new CliError(
      "database.url-invalid",
      "DATABASE_URL is not postgres://user:password@host:port/database",
    );
  return url;
}
