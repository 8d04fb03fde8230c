import type { CosemClass } from "../cosem-class.ts";

export const associationLn = {
  id: 15,
  name: "association-ln",
  attributes: [
    "logical_name",
    "object_list",
    "associated_partners_id",
    "application_context_name",
    "xdlms_context_info",
    "authentication_mechanism_name",
    "secret",
    "association_status",
    "security_setup_reference",
    "user_list",
    "current_user",
  ],
  methods: [
    "reply_to_HLS_authentication",
    "change_HLS_secret",
    "add_object",
    "remove_object",
    "add_user",
    "remove_user",
  ],
} as const satisfies CosemClass;
