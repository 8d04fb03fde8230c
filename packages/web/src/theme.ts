import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
} from "@mantine/core";

/** Colours of the two themes. Contrast on their ground was measured: text ≥ 4.5:1, lines and signs ≥ 3:1. */
export const tokens = {
  light: {
    ground: "#ffffff",
    raised: "#f6f7f9",
    sunken: "#eef0f3",
    line: "#d7dce2",
    text: "#16191d",
    muted: "#4c5560",
    accent: "#0b5cad",
    onAccent: "#ffffff",
    warning: "#8a5300",
    bad: "#b3261e",
    ok: "#1b6e3c",
    border: "#767f8a",
    series: ["#3b8ed6", "#c25700", "#6a1b9a", "#3d4650", "#77818c", "#111417"],
  },
  dark: {
    ground: "#14171b",
    raised: "#1b1f25",
    sunken: "#22272e",
    line: "#343b44",
    text: "#e8ebef",
    muted: "#b0b8c3",
    accent: "#7ab8ff",
    onAccent: "#14171b",
    warning: "#f2b84b",
    bad: "#ff8a80",
    ok: "#6fd08c",
    border: "#7f8a97",
    series: ["#9fd0ff", "#ffb454", "#2bb673", "#c77dff", "#e8ebef", "#7f8a97"],
  },
} as const;

export type Scheme = keyof typeof tokens;

const accent: MantineColorsTuple = [
  "#eaf3fc",
  "#d3e5f7",
  "#a6cbef",
  "#7ab8ff",
  "#4d98e0",
  "#2b7dcb",
  "#0b5cad",
  "#094e94",
  "#07407a",
  "#052f5a",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 3 },
  autoContrast: true,
  colors: { accent },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "Liberation Mono", Menlo, monospace',
  fontSizes: { xs: "13px", sm: "13px", md: "15px", lg: "18px", xl: "22px" },
  lineHeights: { xs: "1.4", sm: "1.4", md: "1.45", lg: "1.4", xl: "1.3" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { xs: "2px", sm: "4px", md: "6px", lg: "8px", xl: "12px" },
  defaultRadius: "sm",
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "22px", lineHeight: "1.3" },
      h2: { fontSize: "18px", lineHeight: "1.35" },
      h3: { fontSize: "15px", lineHeight: "1.4" },
    },
  },
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  variantColorResolver: (input) => {
    const usual = defaultVariantColorsResolver(input);
    if (input.variant === "filled" && (input.color === undefined || input.color === "accent"))
      return {
        ...usual,
        background: "var(--e-accent)",
        hover: "color-mix(in srgb, var(--e-accent) 88%, var(--e-text))",
        color: "var(--e-onAccent)",
      };
    if (input.variant === "subtle") return { ...usual, color: "var(--e-accent)", hover: "var(--e-sunken)" };
    return usual;
  },
  components: {
    // The scroll lock writes a style element without our nonce, which the Content-Security-Policy refuses.
    ModalRoot: { defaultProps: { lockScroll: false } },
    DrawerRoot: { defaultProps: { lockScroll: false } },
    Modal: { defaultProps: { lockScroll: false, transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 120 } } },
    Popover: { defaultProps: { transitionProps: { duration: 100 } } },
    Menu: { defaultProps: { transitionProps: { duration: 100 } } },
    Tooltip: { defaultProps: { transitionProps: { duration: 100 } } },
    Button: { defaultProps: { size: "sm" } },
  },
});

/** Our tokens as the kit's variables: its own greys, error red and placeholders fail contrast. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: variablesOf("light"),
  dark: variablesOf("dark"),
});

function variablesOf(scheme: Scheme): Record<string, string> {
  const t = tokens[scheme];
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(t)) {
    if (typeof value === "string") own[`--e-${name}`] = value;
    else for (const [index, colour] of value.entries()) own[`--e-series-${index}`] = colour;
  }
  return {
    ...own,
    "--mantine-color-body": t.ground,
    "--mantine-color-text": t.text,
    "--mantine-color-dimmed": t.muted,
    "--mantine-color-error": t.bad,
    "--mantine-color-placeholder": t.muted,
    "--mantine-color-anchor": t.accent,
    "--mantine-color-default": t.ground,
    "--mantine-color-default-hover": t.sunken,
    "--mantine-color-default-color": t.text,
    "--mantine-color-default-border": t.border,
    "--mantine-color-accent-filled": t.accent,
    "--mantine-color-accent-text": t.accent,
    "--mantine-primary-color-contrast": t.onAccent,
    "--mantine-color-red-text": t.bad,
    "--mantine-color-disabled-color": t.muted,
  };
}
