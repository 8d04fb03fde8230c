import { errorCode } from "@energsys/drivers";
import type { Clock } from "@energsys/protocols";
import {
  type Database,
  endProposal,
  findGateway,
  findProposalToConfirm,
  type GatewayRequest,
  type JournalOutcome,
  recordGatewayState,
  recordProposalSent,
  recordTaken,
  settingsOf,
  storeJournal,
  storeKeptEntries,
} from "@energsys/store";
import type { Logger } from "pino";
import type { RunningAttempt } from "../attempt-journal.ts";
import type { CallInLine } from "../call-in-line.ts";
import { HeadendError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { GatewayClient, type JournalAnswer } from "./gateway-client.ts";

export interface GatewayContext {
  readonly db: Database;
  readonly zone: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: Limits;
}

const newestPossible = 0xffff_ffff;
/** A clock that is off by less is left alone: setting it marks intervals. */
const clockToleranceMs = 5_000;
const clockEveryMs = 6 * 3_600_000;
/** A proposal takes effect 5 s after it was taken; the rest is for a slow line. */
const effectMs = 10_000;

/** One piece of work on a concentrator's line. Never throws; the attempt ends when everything is durable. */
export async function runGateway(
  line: CallInLine,
  attempt: RunningAttempt,
  request: GatewayRequest,
  context: GatewayContext,
): Promise<void> {
  const { clock, log } = context;
  const { deviceId } = line.device;
  let failure: unknown;
  try {
    const done = await line.use(async () => {
      const client = await GatewayClient.open(line, {
        clock,
        responseTimeoutMs: context.limits.responseMs,
        sent: (bytes) => {
          attempt.bytesSent += bytes;
        },
        received: (bytes) => {
          attempt.bytesReceived += bytes;
        },
      });
      try {
        attempt.stage("associated", "reading");
        await work(client, line, attempt, request, context);
      } finally {
        await client.close();
      }
      return true;
    });
    if (!done) throw new HeadendError("read.line-busy", "the line is in use");
  } catch (error) {
    failure = error ?? new Error("no reason given");
  }
  const code = failure === undefined ? undefined : attempt.codeOf(failure);
  if (code !== undefined)
    log.info({ attemptId: attempt.attemptId, deviceId, code, err: failure }, "concentrator not read");
  await attempt.end({
    state: code === undefined ? "done" : attempt.cancelled ? "cancelled" : "failed",
    ...(code === undefined ? {} : { errorCode: code, errorDetail: (failure as Error).message }),
    asked: [],
    outcome: {
      deviceId,
      planIds: [],
      contactAtMs: line.line.lastReceivedMs,
      ok: code === undefined,
      ...(code === undefined ? {} : { errorCode: code }),
      nextAtMs: clock.now(),
    },
  });
}

async function work(
  client: GatewayClient,
  line: CallInLine,
  attempt: RunningAttempt,
  request: GatewayRequest,
  context: GatewayContext,
): Promise<void> {
  const gatewayId = line.gatewayId as number;
  await confirmProposal(client, line, context);
  // Who asks for the clocks to be set means that of the concentrator too.
  if (request.action === "set-clocks") line.clockCheckedMs = undefined;
  await keepTime(client, line, context);
  switch (request.action) {
    case "scan":
      await client.execute(1);
      break;
    case "read-all":
      await client.execute(2);
      break;
    case "set-clocks":
      await client.execute(3);
      break;
    case "configure":
      await propose(client, line, request, context);
      break;
    case "read-state":
      await recordGatewayState(context.db, gatewayId, await client.readState());
      break;
    case "reread":
      attempt.stage("journal", "reading");
      await drain(client, line, attempt, context, { from: request.from, to: request.to, moves: false });
      return;
    case "drain":
      break;
  }
  const gateway = await findGateway(context.db, gatewayId);
  if (!gateway) return;
  attempt.stage("journal", "reading");
  // A head-end that was killed between COMMIT and this left it unsaid.
  if (gateway.takenConfirmed < gateway.cursor) await say(client, gatewayId, gateway.cursor, context);
  await drain(client, line, attempt, context, { from: gateway.cursor + 1, to: newestPossible, moves: true });
  await storeKeptEntries(
    context.db,
    { gatewayId, deviceId: line.device.deviceId },
    { nowMs: context.clock.now(), zone: context.zone },
  );
}

/** Asks for one answer while the one before is being stored; *taken* follows each commit. */
async function drain(
  client: GatewayClient,
  line: CallInLine,
  attempt: RunningAttempt,
  context: GatewayContext,
  range: { readonly from: number; readonly to: number; readonly moves: boolean },
): Promise<void> {
  const gatewayId = line.gatewayId as number;
  let storing: Promise<number> | undefined;
  const settle = async () => {
    const last = await storing;
    storing = undefined;
    if (last !== undefined && range.moves) await say(client, gatewayId, last, context);
  };
  for (let from = range.from; from <= range.to; ) {
    if (attempt.abort.signal.aborted)
      throw new HeadendError("attempt.cancelled", "stopped between two answers");
    let answer: JournalAnswer;
    try {
      answer = await client.journal(from, range.to);
    } catch (error) {
      // What was asked before is good; the line that broke cannot hear of it.
      await storing;
      throw error;
    }
    await settle();
    if (answer.last === undefined) break;
    if (answer.last < from)
      throw new HeadendError("gateway.no-progress", `entry ${answer.last} where ${from} was asked`);
    storing = storeAnswer(answer, line, attempt, context, range.moves);
    storing.catch(() => {});
    from = answer.last + 1;
  }
  attempt.stage("storing", "storing");
  await settle();
}

async function storeAnswer(
  answer: JournalAnswer,
  line: CallInLine,
  attempt: RunningAttempt,
  { db, clock, zone }: GatewayContext,
  moves: boolean,
): Promise<number> {
  const last = answer.last as number;
  const nowMs = clock.now();
  const outcome: JournalOutcome = await storeJournal(
    db,
    {
      gatewayId: line.gatewayId as number,
      deviceId: line.device.deviceId,
      entries: answer.entries,
      poison: answer.poison,
      ...(moves ? { cursor: last } : {}),
      attemptId: attempt.attemptId,
      lease: line.lease,
      blockKind: "mc-journal",
      receivedAtMs: nowMs,
    },
    { nowMs, zone },
  );
  attempt.intervals += outcome.intervals;
  attempt.registers += outcome.registers;
  attempt.events += outcome.events;
  return last;
}

async function say(client: GatewayClient, gatewayId: number, taken: number, { db }: GatewayContext) {
  await client.setTaken(taken);
  await recordTaken(db, gatewayId, taken);
}

/** What it took is written down at once: it is confirmed over the next line, by whichever head-end has that. */
async function propose(
  client: GatewayClient,
  line: CallInLine,
  { text, proposalId }: Extract<GatewayRequest, { action: "configure" }>,
  { db }: GatewayContext,
): Promise<void> {
  try {
    await client.propose(text);
  } catch (error) {
    if (proposalId !== undefined && errorCode(error) === "gateway.refused")
      await endProposal(db, proposalId, "refused", (error as Error).message);
    throw error;
  }
  if (proposalId !== undefined) await recordProposalSent(db, proposalId, line.lease.fence);
}

/**
 * Asked once on each line: a configuration that is on trial has proved by this very line that the centre is reached under it. Only the
 * centre proposes, so whichever head-end the concentrator calls may confirm, also one that was restarted since.
 */
async function confirmProposal(client: GatewayClient, line: CallInLine, context: GatewayContext) {
  if (line.configurationAsked) return;
  if ((await client.configurationConfirmed()) === false) {
    await client.confirmConfiguration();
    context.log.info({ deviceId: line.device.deviceId }, "configuration of the concentrator confirmed");
  }
  line.configurationAsked = true;
  await settleProposal(client, line, context);
}

/** What became of a proposal that was sent over an earlier line: what is in force now tells. */
async function settleProposal(client: GatewayClient, line: CallInLine, { db, clock }: GatewayContext) {
  const gatewayId = line.gatewayId as number;
  const proposal = await findProposalToConfirm(db, gatewayId, line.lease.fence);
  if (!proposal) return;
  const { proposalId, sentAt, changes } = proposal;
  const state = await client.readState();
  await recordGatewayState(db, gatewayId, state);
  const inForce = settingsOf(state.configuration ?? null);
  const isNew = changes.every(({ setting, to }) => inForce[setting] === to);
  // A line of the moment before it took effect shows the old one still.
  if (!isNew && clock.now() - sentAt < effectMs) return;
  await endProposal(
    db,
    proposalId,
    isNew ? "confirmed" : "rolled-back",
    isNew ? "" : (state.configurationError ?? ""),
  );
}

async function keepTime(client: GatewayClient, line: CallInLine, { clock }: GatewayContext): Promise<void> {
  if (line.clockCheckedMs !== undefined && clock.now() - line.clockCheckedMs < clockEveryMs) return;
  const theirs = await client.readClock();
  const nowMs = clock.now();
  line.clockCheckedMs = nowMs;
  if (theirs === undefined || Math.abs(theirs - nowMs) > clockToleranceMs) await client.setClock(nowMs);
}
