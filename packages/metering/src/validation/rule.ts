import type { EpochMs } from "@energsys/protocols";
import type { ChannelKind } from "../reading.ts";
import type { CheckedDay, DayFacts } from "./checked-day.ts";
import type { Figure } from "./figures.ts";
import type { PointClass } from "./point-class.ts";
import { countSlots, type SlotSet } from "./slot-set.ts";

/** `V01` to `V21`; `rules.ts` has them all. */
export type RuleName = `V${number}`;

/** F: the intervals are refused and estimated. W: a person looks. I: it is noted. */
export type Severity = "F" | "W" | "I";

/** What a rule found. `slots` is null where it is about the day as a whole. */
export interface Finding {
  readonly rule: RuleName;
  readonly severity: Severity;
  readonly channelId: number;
  /** Code of the explanation; `figures` are its parameters. */
  readonly words: string;
  readonly slots: SlotSet | null;
  /** Intervals in `slots`; 0 where that is null. */
  readonly count: number;
  readonly measured?: Figure;
  readonly limit?: Figure;
  readonly figures?: Readonly<Record<string, string>>;
}

/** What a rule says of a finding; the rest is known to who runs it. */
export interface Found {
  readonly severity?: Severity;
  readonly words: string;
  readonly slots?: SlotSet;
  readonly measured?: Figure;
  readonly limit?: Figure;
  readonly figures?: Readonly<Record<string, string>>;
}

/** A threshold: a whole number of the unit that its name ends with. */
export interface Threshold {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/**
 * A rule of validation. `mark` runs in the transaction that stores a delivery, `check` afterwards on the whole day with all that is
 * known about it.
 */
export interface Rule<Name extends string = string> {
  readonly code: RuleName;
  readonly about: string;
  /** Severity of a finding that names none of its own. */
  readonly severity: Severity;
  readonly thresholds: Readonly<Record<Name, Threshold>>;
  /** Thresholds of a class that differ from the default. */
  readonly byClass?: Partial<Readonly<Record<PointClass, Partial<Readonly<Record<Name, number>>>>>>;
  /** Classes for which the rule says nothing unless it is switched on. */
  readonly offFor?: readonly PointClass[];
  readonly arrival?: ArrivalCheck;
  check(day: CheckedDay, facts: DayFacts, at: Readonly<Record<Name, number>>, report: Report): void;
}

/** Gives a rule its own names of thresholds. */
export const rule = <Name extends string>(definition: Rule<Name>): Rule<Name> => definition;

/** Takes what rules find about one day after the other. */
export class Report {
  readonly findings: Finding[] = [];
  #rule: RuleName = "V00";
  #severity: Severity = "I";
  #fixed: Severity | undefined;
  #channelId = 0;

  /** Who speaks next. `fixed` is the severity that somebody set for all that the rule finds. */
  about(rule: RuleName, severity: Severity, fixed: Severity | undefined, channelId: number): void {
    this.#rule = rule;
    this.#severity = severity;
    this.#fixed = fixed;
    this.#channelId = channelId;
  }

  add({ severity, slots, ...found }: Found): void {
    this.findings.push({
      rule: this.#rule,
      severity: this.#fixed ?? severity ?? this.#severity,
      channelId: this.#channelId,
      slots: slots ?? null,
      count: slots ? countSlots(slots) : 0,
      ...found,
    });
  }
}

/** One day of one channel as it arrives; a check marks slots in `flags`, values are never touched. */
export interface ArrivingDay {
  readonly kind: ChannelKind;
  readonly values: Float64Array;
  readonly flags: Uint16Array;
  readonly startMs: EpochMs;
  readonly periodSeconds: number;
  readonly nowMs: EpochMs;
  /** Most that an interval may hold, in the channel's integers, where it is known. */
  readonly limit?: number;
}

/** `layer` says whether it looks at what the meter gave or at the point's energy. */
export interface ArrivalCheck {
  readonly layer: "meter" | "point";
  /** Marks what it refuses and returns the number of slots that it marked. */
  mark(day: ArrivingDay): number;
}
