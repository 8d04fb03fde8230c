import { dayAfter, marketDayOf } from "@energsys/metering";
import {
  addPeakRule,
  changePeakRule,
  listPeakRules,
  type PeakCondition,
  type PeakHours,
  type PeakThreshold,
  powerText,
  readSubjectNames,
  removePeakRule,
  type Subject,
  tryPeakRule,
} from "@energsys/store";
import { codeOf, subjectOf } from "../analysis/asked.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import type { PeakConditionGiven } from "../schemas/peaks.ts";

const peaksShownMax = 100;

/** What is compared with what. @throws Problem `input.invalid` where the basis and what it needs do not fit together */
function thresholdOf({ of, basis, powerKw, percent, formerDays }: PeakConditionGiven): PeakThreshold {
  const refuse = (field: string, message: string) =>
    new Problem("input.invalid", { fields: { [field]: message } });
  const given = { powerKw, percent, formerDays };
  const needs = { power: ["powerKw"], approved: ["percent"], former: ["percent", "formerDays"] }[basis];
  for (const [field, value] of Object.entries(given)) {
    if (needs.includes(field) && value === undefined) throw refuse(`/${field}`, `Needed with basis ${basis}`);
    if (!needs.includes(field) && value !== undefined)
      throw refuse(`/${field}`, `Says nothing with basis ${basis}`);
  }
  if (of === "approved" ? basis !== "approved" : basis === "approved" && of[0] !== "p")
    throw refuse(
      "/basis",
      of === "approved" ? "Each point has its approved power" : "A group has no approved power",
    );
  if (basis === "power") return { basis, powerKw: powerKw! };
  if (basis === "approved") return { basis, percent: percent! };
  return { basis, percent: percent!, formerDays: formerDays! };
}

function conditionOf(given: PeakConditionGiven): PeakCondition {
  const { of, energy, quarters, estimates, dayKind } = given;
  const watched = of === "approved" ? { kind: "approved" as const } : subjectOf(of);
  if (watched.kind === "branch" || watched.kind === "system") throw new Error("the schema lets none through");
  return {
    watched,
    energy,
    threshold: thresholdOf(given),
    quarters,
    estimates,
    dayKind,
    hours: hoursOf(given),
  };
}

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** @throws Problem `input.invalid` for one time alone, or two that are the same */
function hoursOf({ startTime, endTime }: PeakConditionGiven): PeakHours | null {
  if (startTime === undefined && endTime === undefined) return null;
  if (startTime === undefined || endTime === undefined || startTime === endTime) {
    const field = startTime === undefined ? "/startTime" : "/endTime";
    throw new Problem("input.invalid", { fields: { [field]: "Two different times, or none" } });
  }
  return { fromMinute: minuteOf(startTime), toMinute: minuteOf(endTime) };
}

const subjectsOf = (rules: readonly PeakCondition[]): Subject[] =>
  rules.flatMap(({ watched }) => (watched.kind === "approved" ? [] : [watched]));

export const peakHandlers: Handlers<
  "listPeakRules" | "addPeakRule" | "changePeakRule" | "removePeakRule" | "tryPeakRule"
> = {
  async listPeakRules({ scope, services: { db, now } }) {
    const rules = await listPeakRules(db, scope, { nowMs: now() });
    const subjects = subjectsOf(rules);
    const names = await readSubjectNames(db, scope, subjects, now());
    const byCode = new Map(subjects.map((subject, nth) => [codeOf(subject), names[nth]]));
    return {
      rows: rules.map(
        ({ watched, threshold, hours, groupName: _, fromDay, createdAt, changedAt, ...same }) => {
          const of = watched.kind === "approved" ? "approved" : codeOf(watched);
          return {
            ...same,
            ...threshold,
            ...(hours && { startTime: clockOf(hours.fromMinute), endTime: clockOf(hours.toMinute) }),
            of,
            subject: byCode.get(of)?.name ?? null,
            detail: byCode.get(of)?.detail ?? null,
            from: fromDay,
            createdAt: iso(createdAt),
            changedAt: iso(changedAt),
          };
        },
      ),
    };
  },

  async addPeakRule({ body, scope, caller, services: { db, now, zone } }) {
    const { name, severity, enabled } = body;
    const ruleId = await orProblem(
      addPeakRule(db, scope, {
        ...conditionOf(body),
        ...{ name: name.trim(), severity, enabled },
        by: caller.account.name,
        today: marketDayOf(now(), zone).date,
      }),
    );
    return { ruleId };
  },

  async changePeakRule({ params, body, scope, caller, services: { db, now, zone } }) {
    const { name, severity, enabled } = body;
    await orProblem(
      changePeakRule(db, scope, params.ruleId, {
        ...conditionOf(body),
        ...{ name: name.trim(), severity, enabled },
        seenMs: Date.parse(body.seen),
        by: caller.account.name,
        today: marketDayOf(now(), zone).date,
      }),
    );
    return undefined;
  },

  async removePeakRule({ params, scope, caller, services: { db } }) {
    await orProblem(removePeakRule(db, scope, params.ruleId, { by: caller.account.name }));
    return undefined;
  },

  async tryPeakRule({ body, scope, services: { db, now, zone } }) {
    const condition = conditionOf(body);
    const nowMs = now();
    const today = marketDayOf(nowMs, zone);
    const toDay = dayAfter(today, zone).date;
    const fromDay = Temporal.PlainDate.from(toDay).subtract({ days: body.days }).toString();
    const { peaks, isWhole } = await orProblem(
      tryPeakRule(db, scope, condition, { fromDay, toDay, zone, nowMs }),
    );
    const shown = peaks.slice(0, peaksShownMax);
    const subjects = shown.map(
      ({ pointId }): Subject =>
        pointId === null ? (condition.watched as Subject) : { kind: "point", pointId },
    );
    const names = await readSubjectNames(db, scope, subjects, nowMs);
    return {
      from: fromDay,
      to: toDay,
      raised: peaks.length,
      subjects: new Set(peaks.map(({ pointId }) => pointId)).size,
      whole: isWhole,
      peaks: shown.map(({ pointId, day, startMs, demand, threshold, basis, quarters, ...peak }, nth) => ({
        of: codeOf(subjects[nth]!),
        name: names[nth]?.name ?? "",
        pointId,
        day,
        at: iso(startMs),
        demandKw: powerText(demand),
        thresholdKw: powerText(threshold),
        basisKw: basis && powerText(basis),
        quarters,
        expected: peak.expected,
        present: peak.present,
        estimated: peak.estimated,
      })),
    };
  },
};
