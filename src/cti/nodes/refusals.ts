/** The answer to `lt_refusals`: counts by reason. FreeSWITCH does not know the command and has none. */
export function refusalCounts(text: string): Readonly<Record<string, number>> {
  if (!text.startsWith('{')) return {};
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return {};
  const counts = Object.entries(value).filter(([, count]) => typeof count === 'number');
  return Object.fromEntries(counts);
}
