import { createRoot } from "react-dom/client";

import "../ui/base.css";
import "../ui/kiosk.css";
import "./page.css";
import { Page } from "./page.tsx";
import { service } from "./service.ts";

createRoot(document.getElementById("page")!).render(<Page service={service} />);
