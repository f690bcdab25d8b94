/** Lists of the web: what their heads, filters and exports do. */
import t from 'tap';
import { csvLine } from '../../src/contract/text-files.ts';
import {
  exportLines,
  nextSorting,
  searched,
  sorted,
  sortingOf,
  type Column,
} from '../../web/src/shared/list/columns.ts';
import {
  choicesOf,
  chosenOf,
  cleared,
  isNarrowed,
  toldOf,
  type Filter,
} from '../../web/src/shared/list/filters.ts';

interface Row {
  name: string;
  seconds: number | null;
}
const columns: Column<Row>[] = [
  {
    key: 'name',
    title: '姓名',
    render: () => null,
    text: ({ name }) => name,
    sort: ({ name }) => name,
  },
  { key: 'seconds', title: '时长', render: () => null, sort: ({ seconds }) => seconds },
  { title: '', render: () => null },
];
const rows: Row[] = [
  { name: '王建国', seconds: 30 },
  { name: '李秀英', seconds: null },
  { name: '陈思远', seconds: 4 },
];

void t.test('a press on a head sorts up, down, and not', (t) => {
  t.equal(nextSorting('name', undefined), 'name');
  t.equal(nextSorting('name', { key: 'name', isDown: false }), '-name');
  t.equal(nextSorting('name', { key: 'name', isDown: true }), undefined);
  t.equal(nextSorting('seconds', { key: 'name', isDown: true }), 'seconds');
  t.same(sortingOf('-seconds', columns), { key: 'seconds', isDown: true });
  t.equal(sortingOf('constructor', columns), undefined, 'an address may say anything');
  const seconds = (way: string) =>
    sorted(rows, columns, sortingOf(way, columns)).map((one) => one.seconds);
  t.same(seconds('seconds'), [4, 30, null], 'numbers as numbers, nothing last');
  t.same(seconds('-seconds'), [30, 4, null]);
  t.same(
    sorted(rows, columns, sortingOf('name', columns)).map((one) => one.name),
    ['陈思远', '李秀英', '王建国'],
    'Chinese names by their sound',
  );
  t.equal(sorted(rows, columns, undefined), rows);
  t.end();
});

void t.test('an export has the columns that have a text, and runs no formula', (t) => {
  const lines = exportLines([{ name: '=HYPERLINK("http://x")', seconds: 1 }], columns);
  t.same(lines[0], ['姓名']);
  t.equal(csvLine(lines[1] ?? []), `"'=HYPERLINK(""http://x"")"\r\n`);
  t.end();
});

void t.test('a filter stands in the address, and what it does not know is not asked for', (t) => {
  const filter: Filter = {
    ...{ key: 'state', label: '状态', any: '全部' },
    options: [
      { value: 'active', label: '生效' },
      { value: 'over', label: '失效' },
    ],
  };
  t.equal(chosenOf(filter, {}), undefined);
  t.equal(chosenOf(filter, { state: 'over' }), 'over');
  t.equal(chosenOf(filter, { state: 'nonsense' }), undefined);
  t.equal(toldOf(filter, ''), undefined);
  const usual = { ...filter, usual: 'active' };
  t.equal(chosenOf(usual, {}), 'active');
  t.equal(chosenOf(usual, { state: 'any' }), undefined);
  t.equal(toldOf(usual, 'active'), undefined);
  t.equal(toldOf(usual, ''), 'any');
  t.end();
});

void t.test('a list says that nothing matches only where its reader has narrowed it', (t) => {
  const options = [
    { value: 'active', label: '生效' },
    { value: 'over', label: '失效' },
  ];
  const state: Filter = { key: 'state', label: '状态', any: '全部', usual: 'active', options };
  const by: Filter = { key: 'by', label: '分组', usual: 'active', options };
  const filters = [state, by];
  t.equal(isNarrowed(filters, {}), false, 'what is usual was chosen by nobody');
  t.equal(isNarrowed(filters, { state: 'any' }), true);
  t.equal(isNarrowed(filters, { by: 'over' }), false, 'another grouping leaves nothing out');
  t.equal(isNarrowed(filters, { q: '王' }), true);
  t.equal(isNarrowed(filters, { sort: '-name' }), false);
  t.same(choicesOf(filters, { by: 'any' }), { state: 'active', by: 'active' });
  const address = { state: 'over', q: '王', sort: 'name', ...cleared(filters) };
  t.equal(isNarrowed(filters, address), false);
  t.equal(address.sort, 'name', 'order is no filter');
  t.end();
});

void t.test('a list that is read whole is searched in what it says', (t) => {
  const found = (text: string) => searched(rows, columns, text).map(({ name }) => name);
  t.same(found(' 秀英 '), ['李秀英']);
  t.same(found('30'), [], 'a column without a text is not looked at');
  t.equal(searched(rows, columns, '  '), rows);
  t.end();
});
