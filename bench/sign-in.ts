import { createFirstToken, startServer } from "@energsys/server";
import { sql } from "@energsys/store";
import { atMost, type Bench, median } from "./bench.ts";
import { withServer, zone } from "./store-field.ts";

const people = 500;
const guesses = 10_000;
const atOnce = 50;
const timings = 21;
const password = "foarte-lung-si-sigur-9";

const addressOf = (n: number) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
const percentile = (values: readonly number[], part: number) =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length * part)] ?? Number.NaN;

/** A shift that signs in at one moment, guesses from everywhere, and what the time of a refusal tells. */
export const bench: Bench = {
  name: "sign-in",
  about: `${people} people of as many addresses at once, ${guesses} guesses, known against unknown names`,
  run: ({ log }) =>
    withServer(async ({ url: databaseUrl, open }) => {
      const db = open(2);
      // The bench plays a proxy, so that each call has an address of its own.
      const server = await startServer({
        databaseUrl,
        port: 0,
        zone,
        trustedProxies: ["127.0.0.1"],
        logLevel: "silent",
      });
      try {
        const origin = server.url;
        const post = (path: string, body: object, address: string) =>
          fetch(`${origin}/api${path}`, {
            method: "POST",
            headers: { origin, "content-type": "application/json", "x-forwarded-for": address },
            body: JSON.stringify(body),
          });
        const token = await createFirstToken(db, Date.now());
        const first = { token, name: "ana", displayName: "Ana", password, language: "ro" };
        const made = await post("/first-account", first, "10.255.0.1");
        const cookie = made.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
        await db.query(sql`
          insert into account (name, display_name, password_hash, language)
          select 'person' || n, 'Person ' || n, password_hash, 'ro' from account, generate_series(1, ${people}::int) as n
          where name = 'ana'`);

        log(`${people} sign-ins at once`);
        const startedMs = performance.now();
        let done = false;
        const shift = Promise.all(
          Array.from({ length: people }, async (_, n) => {
            const answer = await post("/session", { name: `person${n + 1}`, password }, addressOf(n + 1));
            await answer.arrayBuffer();
            return answer.status;
          }),
        ).finally(() => {
          done = true;
        });
        const apiMs: number[] = [];
        while (!done) {
          const callMs = performance.now();
          const answer = await fetch(`${origin}/api/points`, { headers: { cookie } });
          await answer.arrayBuffer();
          apiMs.push(performance.now() - callMs);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        const statuses = await shift;
        const allInSeconds = (performance.now() - startedMs) / 1_000;
        const notIn = statuses.filter((status) => status !== 201).length;

        log("known against unknown names");
        const took = async (name: string, n: number) => {
          await db.query(sql`delete from sign_in_failure`);
          const callMs = performance.now();
          await (
            await post("/session", { name, password: "not it not it" }, addressOf(200_000 + n))
          ).arrayBuffer();
          return performance.now() - callMs;
        };
        const known: number[] = [];
        const unknown: number[] = [];
        for (let n = 0; n < timings; n++) {
          known.push(await took("ana", n));
          unknown.push(await took("nobody", n));
        }

        log(`${guesses} guesses at one account from as many addresses`);
        let reached = 0;
        for (let start = 0; start < guesses; start += atOnce) {
          const answers = await Promise.all(
            Array.from({ length: atOnce }, (_, n) =>
              post(
                "/session",
                { name: "ana", password: `guess ${start + n}` },
                addressOf(300_000 + start + n),
              ),
            ),
          );
          reached += answers.filter(({ status }) => status === 401).length;
          await Promise.all(answers.map((answer) => answer.arrayBuffer()));
        }
        return {
          metrics: [
            atMost("people not in", notIn, "people", 0),
            atMost("all in after", allInSeconds, "s", 30),
            atMost("API p95 meanwhile", percentile(apiMs, 0.95), "ms", 500),
            atMost("timing gap known against unknown", Math.abs(median(known) - median(unknown)), "ms", 10),
            atMost("guesses that reached the hash", reached, "guesses", 50),
          ],
        };
      } finally {
        await server.stop();
      }
    }),
};
