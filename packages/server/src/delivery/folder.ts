import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { DeliveryError } from "./delivery-error.ts";

/**
 * Puts a file below the configured folder: written beside its place and moved there, so that who looks finds a whole file or none. Doing it
 * again puts the same file in the same place. @throws DeliveryError `folder.…`
 */
export async function putIntoFolder(
  root: string | undefined,
  below: string,
  fileName: string,
  bytes: Buffer,
): Promise<string> {
  if (!root) throw new DeliveryError("folder.not-set", "ENERGSYS_DELIVERY_FOLDER is not set");
  const folder = resolve(root, below);
  const path = resolve(folder, fileName);
  if (folder !== resolve(root) && !folder.startsWith(resolve(root) + sep))
    throw new DeliveryError("folder.refused", below, { final: true });
  if (!path.startsWith(folder + sep)) throw new DeliveryError("folder.refused", fileName, { final: true });
  const draft = join(folder, `.${randomBytes(6).toString("hex")}.part`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, bytes, { flag: "wx", mode: 0o640 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new DeliveryError("folder.unwritable", code ?? message, { cause: error });
  }
  return path;
}
