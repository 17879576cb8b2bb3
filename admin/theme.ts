/**
 * The tokens as Material UI needs them. They are the same as in style.css, where each pair of text and ground was
 * checked at 4.5:1; change both together.
 */
import type { ThemeOptions } from "@mui/material/styles";

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

const shared: ThemeOptions = {
  typography: { fontFamily: font, fontSize: 14, htmlFontSize: 16, button: { textTransform: "none", fontWeight: 600 } },
  shape: { borderRadius: 6 },
  transitions: {
    duration: {
      shortest: 80,
      shorter: 100,
      short: 120,
      standard: 120,
      complex: 120,
      enteringScreen: 120,
      leavingScreen: 100,
    },
  },
  components: {
    MuiPaper: {
      defaultProps: { elevation: 0 },
      styleOverrides: { root: { backgroundImage: "none", border: "1px solid var(--line)" } },
    },
    MuiButtonBase: { defaultProps: { disableRipple: true } },
    MuiAutocomplete: { styleOverrides: { paper: { boxShadow: "0 4px 16px rgb(0 0 0 / 0.14)" } } },
  },
};

export const lightTheme: ThemeOptions = {
  ...shared,
  palette: {
    mode: "light",
    primary: { main: "#0b5f5f", contrastText: "#ffffff" },
    background: { default: "#fbfaf7", paper: "#ffffff" },
    text: { primary: "#1c2321", secondary: "#56605c" },
    divider: "#dedbd3",
    error: { main: "#a8231b" },
  },
};

export const darkTheme: ThemeOptions = {
  ...shared,
  palette: {
    mode: "dark",
    primary: { main: "#6fc7c1", contrastText: "#06201f" },
    background: { default: "#14181a", paper: "#1b2124" },
    text: { primary: "#e9ebe8", secondary: "#a9b3af" },
    divider: "#31393b",
    error: { main: "#ff9b8f" },
  },
};
