/**
 * An uploaded list of people to call: CSV with a head line. Columns `number` (or 电话, 手机号),
 * `name` (姓名), `language` (语言: zh-CN, en), `room` (房号); every other column fills the slot of that
 * name in the script. Pure: text in, entries and faults out.
 */
export interface ListEntry {
  /** 1 is the line after the head. */
  line: number;
  number: string;
  name: string;
  language: 'zh-CN' | 'en';
  room: string;
  vars: Record<string, string>;
}

export type ListFaultCode =
  'no_number' | 'bad_number' | 'twice' | 'bad_language' | 'too_many_columns' | 'bad_text';

export interface ListFault {
  line: number;
  code: ListFaultCode;
}

export interface CheckedList {
  entries: ListEntry[];
  faults: ListFault[];
  /** Slots that the list fills. */
  slots: string[];
}

const columns: Readonly<Record<string, string>> = {
  number: 'number',
  phone: 'number',
  mobile: 'number',
  电话: 'number',
  手机: 'number',
  手机号: 'number',
  电话号码: 'number',
  name: 'name',
  姓名: 'name',
  language: 'language',
  语言: 'language',
  room: 'room',
  房号: 'room',
};

const longestCell = 200;

/** Undefined when there is no column with numbers at all. */
export function checkList(
  text: string,
  normalise: (number: string) => string,
): CheckedList | undefined {
  const [head = [], ...rows] = parseCsv(text);
  const names = head.map((cell) => columns[cell.trim().toLowerCase()] ?? slotName(cell));
  if (!names.includes('number')) return undefined;
  const seen = new Set<string>();
  const list: CheckedList = {
    entries: [],
    faults: [],
    slots: names.filter((name) => name !== '' && !Object.values(columns).includes(name)),
  };
  rows.forEach((row, index) => {
    const line = index + 1;
    if (row.every((cell) => cell.trim() === '')) return;
    const entry = entryOf(names, row, line, normalise);
    const fault = faultOf(entry, names, row, seen);
    if (fault !== undefined) {
      list.faults.push({ line, code: fault });
      return;
    }
    seen.add(entry.number);
    list.entries.push(entry);
  });
  return list;
}

/** RFC 4180, with any line end, and the byte order mark that Excel writes. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const source = text.replace(/^\uFEFF/, '');
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] ?? '';
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
      continue;
    }
    if (char === '"' && cell === '') isQuoted = true;
    else if (char === ',') {
      row.push(cell);
      cell = '';
    } else if (char === '\n' || char === '\r') {
      if (char === '\r' && source[at + 1] === '\n') at += 1;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else cell += char;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

function entryOf(
  names: readonly string[],
  row: readonly string[],
  line: number,
  normalise: (number: string) => string,
): ListEntry {
  const cell = (name: string) => (row[names.indexOf(name)] ?? '').trim();
  const language = names.includes('language') ? cell('language') : '';
  const vars = Object.fromEntries(
    names.flatMap((name, at) =>
      name === '' || Object.values(columns).includes(name)
        ? []
        : [[name, (row[at] ?? '').trim()] as const],
    ),
  );
  return {
    line,
    number: normalise(cell('number')),
    name: names.includes('name') ? cell('name') : '',
    language: language === 'en' ? 'en' : 'zh-CN',
    room: names.includes('room') ? cell('room') : '',
    vars,
  };
}

function faultOf(
  entry: ListEntry,
  names: readonly string[],
  row: readonly string[],
  seen: ReadonlySet<string>,
): ListFaultCode | undefined {
  if (row.length > names.length) return 'too_many_columns';
  if (entry.number === '') return 'no_number';
  if (!/^\d{3,20}$/.test(entry.number)) return 'bad_number';
  if (seen.has(entry.number)) return 'twice';
  const language = (row[names.indexOf('language')] ?? '').trim();
  if (names.includes('language') && !['', 'zh-CN', 'en'].includes(language)) return 'bad_language';
  // Control characters and braces have no business in what a machine will say.
  if (row.some((cell) => cell.length > longestCell || /[\p{Cc}{}]/u.test(cell))) return 'bad_text';
  return undefined;
}

function slotName(cell: string): string {
  const name = cell.trim();
  return /^[a-z][A-Za-z0-9]{0,39}$/.test(name) ? name : '';
}
