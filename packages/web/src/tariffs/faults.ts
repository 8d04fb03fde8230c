import { createContext, useContext } from "react";
import type { TariffFault } from "../api/client.ts";
import { useLocale } from "../text/provider.tsx";

/** What the server finds wrong with the version in the form, for the fields below. */
export const TariffFaults = createContext<readonly TariffFault[]>([]);

/** What is wrong with a field, by its path in the version: `/components/3/price`; `undefined` when nothing is. */
export function useFaultAt(): (path: string) => string | undefined {
  const faults = useContext(TariffFaults);
  const { t } = useLocale();
  return (path) => {
    const fault = faults.find((each) => each.path === path);
    return fault && t(`tariffs.fault.${fault.code}`);
  };
}
