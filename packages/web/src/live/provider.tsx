import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { LiveHub, type LiveListener } from "./hub.ts";
import type { LiveStatus } from "./status.ts";

const HubContext = createContext<LiveHub | undefined>(undefined);

/** Opens the live stream for everything below; after a resync every answer at hand is asked for anew. */
export function LiveProvider(props: { readonly children: ReactNode }) {
  const [hub, setHub] = useState<LiveHub>();
  const queries = useQueryClient();
  useEffect(() => {
    const made = new LiveHub();
    setHub(made);
    const stop = made.listen({ resync: () => void queries.invalidateQueries() });
    return () => {
      stop();
      made.close();
    };
  }, [queries]);
  return <HubContext value={hub}>{props.children}</HubContext>;
}

const none: LiveStatus = { kind: "reconnecting" };
const watchNothing = () => () => {};

export function useLiveStatus(): LiveStatus {
  const hub = useContext(HubContext);
  return useSyncExternalStore(hub?.watch ?? watchNothing, () => hub?.status ?? none);
}

/** Hears what happens in the field while the component is on the screen. */
export function useLive(listener: LiveListener): void {
  const hub = useContext(HubContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(
    () =>
      hub?.listen({
        item: (item) => latest.current.item?.(item),
        resync: () => latest.current.resync?.(),
      }),
    [hub],
  );
}

/** The clock, ticking: what says "3 min ago" must not stand still. */
export function useNow(everyMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
