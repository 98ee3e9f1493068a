const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const DATE = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const OLD_DATE = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const DAY_MS = 24 * 60 * 60 * 1000;

export const timeOf = (sentAt: string) => TIME.format(new Date(sentAt));

export const isSameDay = (one: string, other: string) => new Date(one).toDateString() === new Date(other).toDateString();

/** For the line between two days. */
export function dayOf(sentAt: string): string {
  const age = daysAgo(sentAt);
  if (age === 0) return "Today";
  if (age === 1) return "Yesterday";
  if (age < 7) return WEEKDAY.format(new Date(sentAt));
  return (age < 180 ? DATE : OLD_DATE).format(new Date(sentAt));
}

/** For a list: the time today, the day before. */
export function shortly(sentAt: string): string {
  const age = daysAgo(sentAt);
  if (age === 0) return timeOf(sentAt);
  return age === 1 ? "Yesterday" : DAY.format(new Date(sentAt));
}

function daysAgo(sentAt: string): number {
  return Math.round((new Date().setHours(0, 0, 0, 0) - new Date(sentAt).setHours(0, 0, 0, 0)) / DAY_MS);
}
