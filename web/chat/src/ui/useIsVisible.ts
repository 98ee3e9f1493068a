import { type RefObject, useEffect, useState } from "react";

/** Whether something is within what a box shows of its contents. */
export function useIsVisible(element: RefObject<HTMLElement | null>, box: RefObject<HTMLElement | null>): boolean {
  const [isVisible, setVisible] = useState(true);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry && setVisible(entry.isIntersecting), {
      root: box.current,
      rootMargin: "0px 0px 40px",
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element, box]);
  return isVisible;
}
