import { applyRoles, migrate, placeOf, roleStatements } from "@energsys/store";
import type { Command } from "commander";
import { dataFolder } from "../supervisor/data-folder.ts";
import { findOwnDatabase } from "../supervisor/own-database.ts";
import { findRolePasswords, rolePasswordFile } from "../supervisor/role-passwords.ts";
import { addAddress } from "./db-address.ts";
import { addPools } from "./db-pools.ts";
import { addRetention } from "./db-retention.ts";
import { withDatabase } from "./with-database.ts";

export function addDb(program: Command): void {
  const db = program.command("db").description("the database");
  db.command("migrate")
    .description("brings the tables to this release; running it twice changes nothing")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--json", "the result as JSON")
    .action(async (options: { data?: string; json?: boolean }) => {
      await withDatabase(options.data, async (database) => {
        const { applied } = await migrate(database);
        const words = applied.length === 0 ? "nothing to do" : `applied ${applied.join(", ")}`;
        process.stdout.write(options.json ? `${JSON.stringify({ applied })}\n` : `${words}\n`);
      });
    });
  db.command("roles")
    .description("makes the roles of the processes and gives each what it needs; passwords go into a file")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--print", "prints the statements for whoever runs the server, and changes nothing")
    .action(async (options: { data?: string; print?: boolean }) => {
      const file = rolePasswordFile(dataFolder(options.data));
      const passwords = findRolePasswords(file);
      if (options.print) {
        const own = findOwnDatabase(dataFolder(options.data));
        const database = own === undefined ? "energsys" : placeOf(own.url).database || "energsys";
        process.stdout.write(`${roleStatements(database, passwords).join(";\n")};\n`);
        return;
      }
      await withDatabase(options.data, (database) => applyRoles(database, passwords));
      process.stdout.write(`roles are made; their passwords are in ${file}\n`);
    });
  addPools(db);
  addAddress(db);
  addRetention(db);
}
