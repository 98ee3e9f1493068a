import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "./style/base.css";
import "./style/controls.css";
import "./style/people.css";
import "./style/dialog.css";
import "./style/layout.css";
import "./style/inbox.css";
import "./style/history.css";
import "./style/message.css";
import "./style/actions.css";
import "./style/composer.css";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
