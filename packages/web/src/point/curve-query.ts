import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { curveOf } from "../parts/curve.ts";
import { formerOf } from "../parts/former.ts";
import type { Period } from "../time/period.ts";

/** A load curve as the charts take it; the last one stays on the screen while the next is on its way. */
export const curveQuery = (pointId: number, channel: number, { from, to }: Period, known?: string) =>
  queryOptions({
    queryKey: ["point", pointId, "curve", channel, from, to, known ?? ""],
    queryFn: async ({ signal }) =>
      curveOf(
        await api.loadCurve(
          pointId,
          { channel, from, to, ...(known === undefined ? {} : { knownAt: known }) },
          signal,
        ),
      ),
    placeholderData: formerOf("point", pointId, "curve"),
    staleTime: 5_000,
  });
