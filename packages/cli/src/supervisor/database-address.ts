import {
  addressOfDatabase,
  changeAddressState,
  type Database,
  findMessage,
  isAllowed,
  readAddressChange,
  tryAddress,
} from "@energsys/store";
import { findOwnDatabase, readAddress, writeAddress } from "./own-database.ts";
import { findRolePasswords, rolePasswordFile } from "./role-passwords.ts";

/** Where a database may be: neighbours by their own naming, and what tells a machine its credentials, never answer as one. */
const networks = ["private", "public", "127.0.0.0/8", "::1/128"];

/**
 * Does for the page what `energsys db address` does for the terminal: the launcher alone has the passwords of all roles, so it tries an
 * address as each of them, and writes it down when somebody then chooses it. Another address counts from the next start on.
 */
export class DatabaseAddress {
  readonly #db: Database;
  readonly #folder: string;

  constructor(db: Database, folder: string) {
    this.#db = db;
    this.#folder = folder;
  }

  async listen(): Promise<void> {
    const look = () => void this.look().catch(() => {}); // the database is away: asked again when it is back
    await this.#db.listen(
      "energsys_supervisor",
      (payload) => {
        if (findMessage<"energsys_supervisor">(payload)?.type === "database-address") look();
      },
      look,
    );
    look();
  }

  /** Does what is asked for, if anything is. */
  async look(): Promise<void> {
    const change = await readAddressChange(this.#db);
    if (change?.state !== "asked" && change?.state !== "chosen") return;
    if (process.env.DATABASE_URL) {
      await changeAddressState(this.#db, change.id, { state: "refused", code: "database.address-fixed" });
      return;
    }
    const url = addressOfDatabase(change.place);
    const passwords = findRolePasswords(rolePasswordFile(this.#folder));
    // What was good a while ago is looked at once more before the next start depends on it.
    const { good, roles } = await tryAddress(url, passwords, {
      mayConnect: (address) => isAllowed(networks, address),
    });
    if (change.state === "asked" || !good) {
      await changeAddressState(this.#db, change.id, { state: "tried", good, roles });
      return;
    }
    const isCurrent =
      readAddress(this.#folder)?.url === url && findOwnDatabase(this.#folder)?.perRole === true;
    if (!isCurrent) writeAddress(this.#folder, url);
    await changeAddressState(this.#db, change.id, { state: "written", good, roles });
  }
}
