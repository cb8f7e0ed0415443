const day = 86_400_000;

/** How near the end of a secret is, in days at which somebody is told; 0: it has ended. */
export const warnedDays = [30, 7, 1, 0] as const;
export type WarnedDays = (typeof warnedDays)[number];

/** The last of those days that has come; null while there is time, or where nobody knows the end. Times in UTC ms. */
export function daysWarned(expiresAt: number | null, now: number): WarnedDays | null {
  if (expiresAt === null) return null;
  return warnedDays.findLast((days) => expiresAt - now <= days * day) ?? null;
}

/** Whether it is time to tell, after so much has been told. */
export function isNews(warned: WarnedDays | null, told: number | null): boolean {
  return warned !== null && (told === null || warned < told);
}
