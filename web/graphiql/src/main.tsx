import "./workers";
import "@graphiql/react/font/fira-code.css";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./style.css";

import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createRoot } from "react-dom/client";
import { fetcher } from "./fetcher";
import { FillIn } from "./FillIn";
import { lookWhoIsThere, people } from "./people";
import { SIGN_IN } from "./SignIn";
import { storage } from "./storage";
import { defaultHeaders, defaultTabs } from "./tabs";

const plugins = [HISTORY_PLUGIN, SIGN_IN];

await lookWhoIsThere();
createRoot(document.getElementById("graphiql")!).render(
  <GraphiQL
    fetcher={fetcher}
    defaultTabs={defaultTabs}
    defaultHeaders={defaultHeaders}
    defaultEditorToolsVisibility="variables"
    plugins={plugins}
    // Who asks is the first question where a token is missing.
    visiblePlugin={people.get().problem ? SIGN_IN : undefined}
    // Tokens are not for localStorage; without this the settings offer it.
    shouldPersistHeaders={false}
    storage={storage}
  >
    <GraphiQL.Logo>Messenger</GraphiQL.Logo>
    <FillIn />
  </GraphiQL>,
);
