import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { readList } from '../../api/client.ts';
import type { FilterOf, ItemOf, PagedPath, ParamsOf } from '../../api/routes.ts';
import { useText } from '../i18n/language.tsx';
import { Button } from '../parts/button.tsx';
import { problemText } from '../i18n/problem-text.ts';
import { sortingOf } from './columns.ts';
import type { Read } from './export.tsx';
import { choicesOf } from './filters.ts';
import { useAddress } from './use-address.ts';
import { ListView, type ListLook } from './view.tsx';

/** Sorting and exporting read on to the end of a list, but not for ever. */
const sortAtMost = 1000;
const exportAtMost = 5000;
/** As many as the service gives at once, where all are wanted. */
const manyAtOnce = 200;
const someAtOnce = 50;

interface ListProps<Path extends PagedPath> extends ListLook<
  ItemOf<Path>,
  keyof FilterOf<Path> & string
> {
  path: Path;
  params?: ParamsOf<Path>;
}

/** A list of the API, read on page by page. */
export function List<Path extends PagedPath>({ path, params, ...look }: ListProps<Path>) {
  type Row = ItemOf<Path>;
  const { name, columns, search, filters = [] } = look;
  const t = useText();
  const { told } = useAddress();
  const sorting = sortingOf(told['sort'], columns);
  const query = {
    ...choicesOf(filters, told),
    ...(search === undefined ? {} : { q: told['q'] }),
  };
  const read = (cursor: string | null, limit: number) =>
    readList(path, {
      ...(params === undefined ? {} : { params }),
      query: { ...query, cursor, limit },
    });
  const place = JSON.stringify(params ?? {});
  const pages = useInfiniteQuery({
    queryKey: [name, 'list', place, query],
    queryFn: ({ pageParam }) => read(pageParam, sorting === undefined ? someAtOnce : manyAtOnce),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
    // What was there before stays, dimmed, unless it belongs to something else.
    placeholderData: (before, of) => (of?.queryKey[2] === place ? before : undefined),
  });
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, isPlaceholderData } = pages;
  const rows = pages.data?.pages.flatMap((page): Row[] => page.items);
  const count = rows?.length ?? 0;
  const mustReadOn =
    sorting !== undefined &&
    hasNextPage &&
    count < sortAtMost &&
    !isPlaceholderData &&
    !isFetchNextPageError;
  useEffect(() => {
    if (mustReadOn && !isFetchingNextPage) void pages.fetchNextPage();
  }, [mustReadOn, isFetchingNextPage, pages]);
  const readAll = async (): Promise<Read<Row>> => {
    const all: Row[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: Row[]; nextCursor?: string | null } = await read(cursor, manyAtOnce);
      all.push(...page.items);
      cursor = page.nextCursor ?? null;
    } while (cursor !== null && all.length < exportAtMost);
    return { rows: all, isWhole: cursor === null };
  };
  // Sorted when they are all there, not anew with every page of them; until then what was there stays, dimmed.
  const drawn = useRef<Row[]>(undefined);
  if (!mustReadOn) drawn.current = rows;
  return (
    <ListView<Row>
      {...look}
      rows={drawn.current}
      isStale={isPlaceholderData || mustReadOn}
      hasMore={hasNextPage}
      error={mustReadOn ? null : pages.error}
      onRetry={() => void pages.refetch()}
      readAll={readAll}
      foot={
        hasNextPage &&
        !mustReadOn &&
        !isPlaceholderData && (
          <div className="more">
            {isFetchNextPageError && (
              <span role="alert" className="text-alarm">
                {problemText(t, pages.error)}
              </span>
            )}
            {sorting !== undefined && count >= sortAtMost && (
              <span className="quiet">{t('list.sortedPart', { count })}</span>
            )}
            <Button onClick={() => void pages.fetchNextPage()} isBusy={isFetchingNextPage}>
              {t('list.more')}
            </Button>
          </div>
        )
      }
    />
  );
}
