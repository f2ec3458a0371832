// Times and days in the reader's own language and zone.

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const DAY_AND_YEAR = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });
const MS_OF_DAY = 86_400_000;

export const clock = (date) => CLOCK.format(date);
/** Without "AM" and "PM", where there is no room for them. */
export const shortClock = (date) => CLOCK.formatToParts(date)
  .filter(({ type }) => type !== 'dayPeriod')
  .map(({ value }) => value)
  .join('')
  .trim();
export const full = (date) => FULL.format(date);

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

/** The same for two times of one day. */
export const dayOf = (date) => midnight(date).getTime();

export function dayName(date, now = new Date()) {
  // Rounded, since a day may have 23 or 25 hours.
  const ago = Math.round((midnight(now) - midnight(date)) / MS_OF_DAY);
  if (ago === 0) return 'Today';
  if (ago === 1) return 'Yesterday';
  return date.getFullYear() === now.getFullYear() ? DAY.format(date) : DAY_AND_YEAR.format(date);
}
