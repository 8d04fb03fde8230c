import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { LiveItem } from "../api/client.ts";
import { useLive } from "../live/provider.tsx";

const calmMs = 2_000;

/** Asks anew for what a happening in the field made old: at once for one attempt, at most every 2 s for summaries. */
export function useLiveQueries(): void {
  const queries = useQueryClient();
  const due = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const later = (key: readonly unknown[]) => {
    due.current.add(JSON.stringify(key));
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      for (const text of due.current) void queries.invalidateQueries({ queryKey: JSON.parse(text) });
      due.current.clear();
    }, calmMs);
  };

  useLive({
    item: (item: LiveItem) => {
      if (item.type === "attempt") {
        void queries.invalidateQueries({ queryKey: ["attempt", item.attemptId] });
        if (item.state !== "done" && item.state !== "failed") return;
      }
      later(["operations"]);
      if (item.pointId !== null) later(["point", item.pointId]);
    },
  });
}
