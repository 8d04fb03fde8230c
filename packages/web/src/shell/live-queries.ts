import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { LiveItem } from "../api/client.ts";
import { useLive } from "../live/provider.tsx";

/** A new value is on the screen within two seconds of being stored; sums over the whole network may take a little longer. */
const pointMs = 700;
const operationsMs = 4_000;

/** Asks anew for what a happening in the field made old: at once for one attempt, gathered for what many touch. */
export function useLiveQueries(): void {
  const queries = useQueryClient();
  const waiting = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const timers = waiting.current;
    return () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    };
  }, []);

  const later = (key: readonly (string | number)[], ms: number) => {
    const name = key.join(" ");
    if (waiting.current.has(name)) return;
    const run = () => {
      waiting.current.delete(name);
      void queries.invalidateQueries({ queryKey: key });
    };
    waiting.current.set(name, setTimeout(run, ms));
  };

  useLive({
    item: (item: LiveItem) => {
      if (item.type === "attempt") {
        void queries.invalidateQueries({ queryKey: ["attempt", item.attemptId] });
        if (item.state !== "done" && item.state !== "failed") {
          // Nothing was brought: only the lists of reads tell another state.
          if (item.pointId !== null) later(["point", item.pointId, "attempts"], pointMs);
          return;
        }
      }
      if (item.type === "event") {
        later(["alarms"], operationsMs);
        if (item.eventName === "peak-demand") later(["peak-rules"], operationsMs);
      }
      later(["equipment"], operationsMs);
      later(["operations"], operationsMs);
      if (item.pointId !== null) later(["point", item.pointId], pointMs);
    },
  });
}
