import { createTheme, type MantineColorsTuple } from "@mantine/core";
import i18next from "i18next";

const deepSea: MantineColorsTuple = [
  "#e8f7f8",
  "#d3ecee",
  "#a6d8dc",
  "#76c3c9",
  "#4fb1b9",
  "#2f98a2",
  "#1b808a",
  "#0f6d77",
  "#0a5a63",
  "#06454d",
];

const FONTS = [
  "system-ui",
  "-apple-system",
  "Segoe UI",
  "PingFang SC",
  "Hiragino Sans GB",
  "Microsoft YaHei",
  "Noto Sans CJK SC",
  "Noto Sans SC",
  "sans-serif",
].map((font) => (font.includes(" ") ? `"${font}"` : font));

const named = () => ({ "aria-label": i18next.t("common:close") });

export const theme = createTheme({
  colors: { deepSea },
  primaryColor: "deepSea",
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: "md",
  fontFamily: FONTS.join(", "),
  headings: {
    fontWeight: "650",
    sizes: { h1: { fontSize: "1.5rem" }, h2: { fontSize: "1.15rem" } },
  },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // A dialog's header is no banner of the page, and a cross has a name in the reader's language.
    ModalHeader: { defaultProps: { role: "presentation" } },
    DrawerHeader: { defaultProps: { role: "presentation" } },
    ModalCloseButton: { defaultProps: named },
    DrawerCloseButton: { defaultProps: named },
    Notification: { defaultProps: () => ({ closeButtonProps: named() }) },
  },
});
