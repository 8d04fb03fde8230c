import { Readable } from "node:stream";
import { appendActs } from "@energsys/store";
import type { FastifyReply } from "fastify";
import type { ReportTable } from "../analysis/table.ts";
import { localTimes } from "../local-times.ts";
import type { Caller } from "../security/sessions.ts";
import type { Services } from "../services.ts";
import { type FileFormat, formats } from "./formats.ts";

interface Asked {
  readonly params: { readonly format: FileFormat };
  readonly query: object;
  readonly services: Services;
  readonly caller: Caller;
  readonly reply: FastifyReply;
}

/** Sends a report as the kind of file that was asked for, as its rows come, and says in the log that it was taken. */
export async function sendReport(
  { params: { format }, query, services, caller, reply }: Asked,
  table: ReportTable,
  records: number,
): Promise<FastifyReply> {
  const { db, zone, now } = services;
  await appendActs(db, [
    { action: "export", objectType: "report", records, after: { report: table.name, format, filter: query } },
  ]);
  const { media, write } = formats[format];
  const nowMs = now();
  const { local, offset } = localTimes(zone, nowMs)(nowMs);
  const rows = write(table, {
    title: table.title,
    language: caller.account.language,
    takenBy: caller.account.name,
    takenAt: `${local.replace("T", " ")} ${offset}`,
  });
  return reply
    .header("content-type", media)
    .header("content-disposition", `attachment; filename="${table.name}.${format}"`)
    .send(Readable.from(rows, { objectMode: false }));
}
