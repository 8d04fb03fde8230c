import type { CosemClass } from "../cosem-class.ts";

export const arbitrator = {
  id: 68,
  name: "arbitrator",
  attributes: [
    "logical_name",
    "actions",
    "permissions_table",
    "weightings_table",
    "most_recent_requests_table",
    "last_outcome",
  ],
  methods: ["request_action", "reset"],
} as const satisfies CosemClass;
