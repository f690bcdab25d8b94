/**
 * A room's label as it is kept, from what people write: `3-2-1201`, `3#2-1201`, `3幢2单元1201室`,
 * `3号楼 2单元 1201`. Undefined when it is none, or not as far as a building.
 */
export function roomLabelOf(text: string): string | undefined {
  const q = text.normalize('NFKC').replaceAll(/\s/g, '').replaceAll(/[–—−]/g, '-');
  const typed = /^(\d{1,3})[-#](\d{1,2})(?:[-#](\d{1,5}))?$/.exec(q);
  if (typed !== null) return `${typed[1] ?? ''}栋${typed[2] ?? ''}单元${typed[3] ?? ''}`;
  const spoken =
    /^(\d{1,3})(?:栋|幢|座|号楼|号|#)(?:(\d{1,2})(?:单元|-))?(\d{0,5})(?:室|号房|号)?$/.exec(q);
  if (spoken === null) return /^\d{1,3}[栋幢座号]/.test(q) ? q.replace(/室$/, '') : undefined;
  const [, building = '', unit, door = ''] = spoken;
  return unit === undefined ? `${building}栋${door}` : `${building}栋${unit}单元${door}`;
}
