import { createRoot } from "react-dom/client";

import "../ui/base.css";
import "../ui/kiosk.css";
import "./page.css";
import { Page } from "./page.tsx";
import { service } from "./service.ts";

// The page cannot be left, and nothing of the browser shows.
addEventListener("contextmenu", (event) => event.preventDefault());
addEventListener("dragstart", (event) => event.preventDefault());

createRoot(document.getElementById("page")!).render(<Page service={service} />);
