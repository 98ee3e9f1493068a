import { type ReactNode, useEffect, useRef } from "react";
import { Icon } from "../ui/Icon";
import { toInbox } from "../ui/place";

/** The upper edge of a conversation. It takes the focus, so that who reads by ear hears where they have come. */
export function Bar({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <header className="bar">
      <a className="icon-button back" href={toInbox} aria-label="All conversations">
        <Icon name="back" />
      </a>
      <h2 ref={heading} tabIndex={-1}>{title}</h2>
      {children}
    </header>
  );
}
