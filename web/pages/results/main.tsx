import { createRoot } from "react-dom/client";

import "../../ui/base.css";
import "../verifier/page.css";
import "./page.css";
import { Page } from "./page.tsx";

createRoot(document.getElementById("page")!).render(<Page />);
