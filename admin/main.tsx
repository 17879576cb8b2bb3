import { createRoot } from "react-dom/client";
import { keepFocus } from "./focus";
import { learnLanguage } from "./i18n/languages";
import { Shell } from "./Shell";
import "./style.css";

const root = document.getElementById("root");
keepFocus();
if (root) void learnLanguage().then(() => createRoot(root).render(<Shell />));
