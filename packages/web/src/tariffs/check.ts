import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, type TariffTerms } from "../api/client.ts";

/** What the server says of a version: its faults, and the days of a year by its calendar. */
export function useTariffCheck(terms: TariffTerms, year: number) {
  return useQuery({
    queryKey: ["tariffs", "check", year, terms],
    queryFn: () => api.checkTariff({ terms, year }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}
