import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { temporaryFolder } from "@energsys/store/testing";
import type { Issued } from "./certificates.ts";

const slapd = "/usr/sbin/slapd";
const slapadd = "/usr/sbin/slapadd";

/** OpenLDAP is no npm package: `apt-get install slapd` brings it, and CI installs it. */
export const slapdIsThere = existsSync(slapd);

export interface RunningSlapd {
  /** Plain LDAP that offers StartTLS, and LDAPS. */
  readonly ldap: string;
  readonly ldaps: string;
  readonly ldapPort: number;
  stop(): Promise<void>;
}

const schema = (name: string) => `include /etc/ldap/schema/${name}.schema`;

const configuration = (folder: string) => `
${["core", "cosine", "inetorgperson"].map(schema).join("\n")}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${folder}/slapd.pid
TLSCACertificateFile ${folder}/ca.pem
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key
# As many directories do: an empty password binds, as nobody.
allow bind_anon_cred bind_anon_dn
# Nothing but StartTLS goes through in clear text.
security simple_bind=128
database mdb
suffix "dc=test"
rootdn "cn=root,dc=test"
rootpw parola-root
directory ${folder}/data
maxsize 16777216
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn.base="cn=reader,dc=test" read by * none
`;

/** Starts OpenLDAP on loopback with the entries of `ldif`. */
export async function startSlapd(ldif: string, ca: string, server: Issued): Promise<RunningSlapd> {
  const folder = temporaryFolder("slapd");
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "ca.pem"), ca);
  writeFileSync(join(folder, "server.pem"), server.certificate);
  writeFileSync(join(folder, "server.key"), server.key, { mode: 0o600 });
  const config = join(folder, "slapd.conf");
  writeFileSync(config, configuration(folder));
  const added = spawnSync(slapadd, ["-f", config], { input: ldif, encoding: "utf8" });
  if (added.status !== 0) throw new Error(`slapadd: ${added.stderr}`);
  const [ldapPort, ldapsPort] = [await freePort(), await freePort()];
  const addresses = `ldap://127.0.0.1:${ldapPort} ldaps://127.0.0.1:${ldapsPort}`;
  const child = spawn(slapd, ["-f", config, "-h", addresses, "-d", "0"], { stdio: "ignore" });
  await untilListening(ldapPort, child);
  return {
    ldap: `ldap://localhost:${ldapPort}`,
    ldaps: `ldaps://localhost:${ldapsPort}`,
    ldapPort,
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) throw new Error(`slapd ended with ${child.exitCode}`);
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("close", () => socket.destroy());
      setTimeout(() => socket.destroy(), 50);
    });
    if (up) return;
    await wait(50);
  }
  throw new Error("slapd does not listen");
}
