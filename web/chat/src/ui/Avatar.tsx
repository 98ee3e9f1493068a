interface Shown {
  id: string;
  name: string;
  isRoom?: boolean;
}

/** Initials on a colour that stays the same for the same id. */
export function Avatar({ id, name, isRoom = false }: Shown) {
  const style = { "--hue": hueOf(id) } as React.CSSProperties;
  return (
    <span className={isRoom ? "avatar room" : "avatar"} style={style} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  return words.slice(0, 2).map((word) => [...word][0]?.toUpperCase()).join("");
}

function hueOf(id: string): number {
  let hue = 0;
  for (const character of id) hue = (hue * 31 + character.codePointAt(0)!) % 360;
  return hue;
}
