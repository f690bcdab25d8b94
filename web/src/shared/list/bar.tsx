import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { Button } from '../parts/button.tsx';
import { Choose } from '../parts/choose.tsx';
import { ColumnsIcon, SearchIcon } from '../parts/icons.tsx';
import { Menu } from '../parts/menu.tsx';
import { useIsNarrow } from '../browser/use-is-narrow.ts';
import type { Column, Columns, Sorting } from './columns.ts';
import { chosenOf, narrows, toldOf, type Filter, type Told } from './filters.ts';

const searchAfterMs = 250;

interface ListBarProps<Row> {
  search: string | undefined;
  filters: readonly Filter[];
  told: Told;
  tell: (change: Told) => void;
  columns: Columns<Row>;
  isShown: (column: Column<Row>) => boolean;
  onToggle: (key: string) => void;
  sorting: Sorting | undefined;
  /** How many rows there are; undefined while nobody knows. */
  count: string | undefined;
  children?: ReactNode;
}

/** Above every list: search, filters, how many, which columns, what can be done with all of it. */
export function ListBar<Row>({
  search,
  filters,
  told,
  tell,
  columns,
  isShown,
  onToggle,
  sorting,
  count,
  children,
}: ListBarProps<Row>) {
  const t = useText();
  const isNarrow = useIsNarrow();
  // The first says what the row is.
  const choosable = columns.slice(1).filter((one) => one.key !== undefined && one.title !== '');
  return (
    <div className="list-bar">
      {search !== undefined && (
        <SearchBox label={search} told={told['q'] ?? ''} onSearch={(q) => tell({ q })} />
      )}
      {filters.map((one) => (
        <Choose
          key={one.key}
          aria-label={one.label}
          className={narrows(one, told) ? 'is-chosen' : ''}
          value={chosenOf(one, told) ?? ''}
          options={[
            ...(one.any === undefined ? [] : [{ value: '', label: one.any }]),
            ...one.options,
          ]}
          onChange={(value) => tell({ [one.key]: toldOf(one, value) })}
        />
      ))}
      <div className="list-end">
        <span className="quiet figures" role="status">
          {count ?? ''}
        </span>
        {isNarrow && <SortChoice columns={columns} sorting={sorting} tell={tell} />}
        {choosable.length > 1 && (
          <Menu
            items={choosable.map((one) => ({
              key: one.key ?? '',
              label: one.title,
              isChecked: isShown(one),
              onPick: () => onToggle(one.key ?? ''),
            }))}
            trigger={
              <Button look="bare" icon={<ColumnsIcon />} title={t('list.columns')}>
                {!isNarrow && t('list.columns')}
              </Button>
            }
          />
        )}
        {children}
      </div>
    </div>
  );
}

/** Searches when somebody pauses or presses Enter, and not while an input method still composes. */
function SearchBox({
  label,
  told,
  onSearch,
}: {
  label: string;
  told: string;
  onSearch: (q: string) => void;
}) {
  const [text, setText] = useState(told);
  const [isComposing, setComposing] = useState(false);
  const asked = useRef(told);
  // The address was changed by something else: a link, the way back, “clear the filters”.
  if (told !== asked.current) {
    asked.current = told;
    if (text.trim() !== told) setText(told);
  }
  const wish = text.trim();
  const ask = () => {
    if (wish === asked.current) return;
    asked.current = wish;
    onSearch(wish);
  };
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (isComposing) return;
    const timer = setTimeout(() => latest.current(), searchAfterMs);
    return () => clearTimeout(timer);
  }, [wish, isComposing]);
  return (
    <label className="list-search">
      <SearchIcon />
      <input
        type="search"
        value={text}
        maxLength={80}
        placeholder={label}
        aria-label={label}
        onChange={(event) => setText(event.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={(event) => event.key === 'Enter' && ask()}
      />
    </label>
  );
}

/** Rows that are cards have no heads to press. */
function SortChoice<Row>({
  columns,
  sorting,
  tell,
}: {
  columns: Columns<Row>;
  sorting: Sorting | undefined;
  tell: (change: Told) => void;
}) {
  const t = useText();
  const ways = columns.flatMap(({ key, title, sort }) =>
    key === undefined || sort === undefined
      ? []
      : [
          { value: key, label: `${title} ↑` },
          { value: `-${key}`, label: `${title} ↓` },
        ],
  );
  if (ways.length === 0) return null;
  return (
    <Choose
      aria-label={t('list.sort')}
      value={sorting === undefined ? '' : `${sorting.isDown ? '-' : ''}${sorting.key}`}
      options={[{ value: '', label: t('list.sort') }, ...ways]}
      onChange={(sort) => tell({ sort })}
    />
  );
}
