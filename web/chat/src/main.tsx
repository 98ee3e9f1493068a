import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "./style/base.css";
import "./style/controls.css";
import "./style/layout.css";
import "./style/inbox.css";
import "./style/message.css";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
