import { createTheme, type MantineColorsTuple } from "@mantine/core";

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
});
