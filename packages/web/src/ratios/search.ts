/** Which requests the page of approvals shows: those that wait, unless told. */
export interface RequestsSearch {
  readonly show?: "all";
}
export const requestsSearch = (search: Record<string, unknown>): RequestsSearch =>
  search.show === "all" ? { show: "all" } : {};
