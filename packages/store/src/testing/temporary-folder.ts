import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A new folder that every user may walk through. What mkdtemp makes only root may enter: as root the server's data would go to
 * /var/lib/energsys, and stay there when the folder is removed.
 */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `energsys-${name}-`));
  chmodSync(folder, 0o711);
  return folder;
}
