import type { CosemClass } from "../cosem-class.ts";

/** Short-name referencing; methods 1, 2 and 7 are obsolete and have no name. */
export const associationSn = {
  id: 12,
  name: "association-sn",
  attributes: [
    "logical_name",
    "object_list",
    "access_rights_list",
    "security_setup_reference",
    "user_list",
    "current_user",
  ],
  methods: [
    "method-1",
    "method-2",
    "read_by_logicalname",
    "get_attributes_and_methods",
    "change_LLS_secret",
    "change_HLS_secret",
    "method-7",
    "reply_to_HLS_authentication",
    "add_user",
    "remove_user",
  ],
} as const satisfies CosemClass;
