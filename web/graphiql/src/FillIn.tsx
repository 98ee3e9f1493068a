// Keeps the ids in the tabs' variables those of people who are there.
import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useEffect } from "react";
import { useCell } from "./cell";
import { people } from "./people";
import { filler } from "./variables";

export function FillIn() {
  const { tabs, activeTabIndex, variableEditor } = useGraphiQL(pick("tabs", "activeTabIndex", "variableEditor"));
  const { storeTabs } = useGraphiQLActions();
  const { roles } = useCell(people);
  useEffect(() => {
    if (!roles || !variableEditor) return;
    const fill = filler(roles);
    // GraphiQL reads a tab's variables when one goes to it, and has no action that writes those of another tab.
    for (const tab of tabs) if (tab.variables) tab.variables = fill(tab.variables);
    storeTabs({ tabs, activeTabIndex });
    const shown = variableEditor.getValue();
    if (fill(shown) !== shown) variableEditor.setValue(fill(shown));
  }, [roles, variableEditor]);
  return null;
}
