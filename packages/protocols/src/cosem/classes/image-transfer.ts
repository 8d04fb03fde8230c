import type { CosemClass } from "../cosem-class.ts";

export const imageTransfer = {
  id: 18,
  name: "image-transfer",
  attributes: [
    "logical_name",
    "image_block_size",
    "image_transferred_blocks_status",
    "image_first_not_transferred_block_number",
    "image_transfer_enabled",
    "image_transfer_status",
    "image_to_activate_info",
  ],
  methods: ["image_transfer_initiate", "image_block_transfer", "image_verify", "image_activate"],
} as const satisfies CosemClass;
