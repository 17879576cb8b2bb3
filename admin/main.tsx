import { createRoot } from "react-dom/client";
import { Shell } from "./Shell";
import "./style.css";

const root = document.getElementById("root");
if (root) createRoot(root).render(<Shell />);
