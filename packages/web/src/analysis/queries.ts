import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import type { Period } from "../time/period.ts";
import type { Energy, RowKind } from "./search.ts";

const kept = { placeholderData: keepPreviousData, staleTime: 30_000 } as const;

export const namesQuery = (of: readonly string[]) =>
  queryOptions({
    queryKey: ["analysis", "names", of.join(".")],
    queryFn: ({ signal }) => api.findSubjects({ of: of.join(".") }, signal),
    staleTime: 60_000,
  });

export const foundQuery = (q: string) =>
  queryOptions({
    queryKey: ["analysis", "found", q],
    queryFn: ({ signal }) => api.findSubjects({ q }, signal),
    ...kept,
  });

export const seriesQuery = (of: readonly string[], energy: Energy, period: Period) =>
  queryOptions({
    queryKey: ["analysis", "series", of.join("."), energy, period],
    queryFn: ({ signal }) => api.series({ of: of.join("."), energy, ...period }, signal),
    ...kept,
  });

/** What is asked for rows of consumption: also the address of their file. */
export const consumptionAsked = (
  of: string,
  energy: Energy,
  by: RowKind,
  period: Period,
  former: Period | undefined,
) => ({ of, energy, by, ...period, ...(former ? { beforeFrom: former.from, beforeTo: former.to } : {}) });

export const consumptionQuery = (asked: ReturnType<typeof consumptionAsked>) =>
  queryOptions({
    queryKey: ["analysis", "consumption", asked],
    queryFn: ({ signal }) => api.consumption(asked, signal),
    ...kept,
  });

export const statisticsQuery = (of: string, period: Period) =>
  queryOptions({
    queryKey: ["analysis", "statistics", of, period],
    queryFn: ({ signal }) => api.groupStatistics({ of, ...period }, signal),
    ...kept,
  });

/** What is asked for peaks: also the address of their file. */
export const peaksAsked = (
  of: string,
  energy: Exclude<Energy, "net">,
  period: Period,
  former: Period | undefined,
) => ({ of, energy, ...period, ...(former ? { beforeFrom: former.from, beforeTo: former.to } : {}) });

export const peaksQuery = (asked: ReturnType<typeof peaksAsked>) =>
  queryOptions({
    queryKey: ["analysis", "peaks", asked],
    queryFn: ({ signal }) => api.peaks(asked, signal),
    ...kept,
  });

/** What is asked for energies by rate: also the address of their file. */
export const multiRateAsked = (
  of: string,
  energies: readonly Energy[],
  by: "day" | "month",
  tariff: number | undefined,
  period: Period,
) => ({ of, energies: energies.join("."), by, ...period, ...(tariff === undefined ? {} : { tariff }) });

export const multiRateQuery = (asked: ReturnType<typeof multiRateAsked>) =>
  queryOptions({
    queryKey: ["analysis", "multi-rate", asked],
    queryFn: ({ signal }) => api.multiRate(asked, signal),
    ...kept,
  });

export const accountQuery = (asked: { of: string; from: string; to: string; tariff?: number }) =>
  queryOptions({
    queryKey: ["analysis", "account", asked],
    queryFn: ({ signal }) => api.tariffAccount(asked, signal),
    ...kept,
  });

export const comparisonQuery = (of: string, period: Period) =>
  queryOptions({
    queryKey: ["analysis", "tariffs", of, period],
    queryFn: ({ signal }) => api.compareTariffs({ of, ...period }, signal),
    ...kept,
  });
