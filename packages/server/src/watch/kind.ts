import type { Counted, Language, Period, Scope } from "@energsys/store";
import type { WatchQueryValues } from "../schemas/watch.ts";
import type { Services } from "../services.ts";
import type { WatchPart } from "./report.ts";
import type { WatchWord } from "./words.ts";

/** What reports that watch need of a process: a server, or a command. */
export type WatchServices = Pick<Services, "db" | "zone" | "limits" | "now">;

/** What a report is made from. */
export interface Watching {
  readonly services: WatchServices;
  readonly scope: Scope;
  readonly counted: Counted;
  readonly period: Period;
  readonly query: WatchQueryValues;
  readonly language: Language;
  /** For a file: rows are not cut to what a screen shows. */
  readonly whole: boolean;
}

/** A report that watches: its title, and what fills it. */
export interface WatchKind {
  readonly title: WatchWord;
  readonly read: (watching: Watching) => Promise<{
    readonly facts: readonly (readonly [label: string, value: string])[];
    readonly parts: WatchPart[];
  }>;
}

export const pointIdsOf = ({ sources }: Counted): number[] => [
  ...new Set(sources.map(({ pointId }) => pointId)),
];
