import { useState } from 'react';
import { byteOrderMark, csvLine } from '../../../../src/contract/text-files.ts';
import { useText } from '../i18n/language.tsx';
import { Button } from '../parts/button.tsx';
import { DownloadIcon } from '../parts/icons.tsx';
import { problemText } from '../i18n/problem-text.ts';
import { useIsNarrow } from '../browser/use-is-narrow.ts';
import { exportLines, type Columns } from './columns.ts';

/** What was read for an export; `isWhole` is false where it stopped before the end. */
export interface Read<Row> {
  rows: readonly Row[];
  isWhole: boolean;
}

/** All rows that the filters leave, with the columns that are shown, as a table for a spreadsheet. */
export function Export<Row>({
  name,
  columns,
  read,
}: {
  name: string;
  columns: Columns<Row>;
  read: () => Promise<Read<Row>>;
}) {
  const t = useText();
  const isNarrow = useIsNarrow();
  const [isBusy, setBusy] = useState(false);
  const [note, setNote] = useState<string>();
  const run = async () => {
    setBusy(true);
    setNote(undefined);
    try {
      const { rows, isWhole } = await read();
      const lines = exportLines(rows, columns).map((cells) => csvLine(cells));
      download(`${name}.csv`, [byteOrderMark, ...lines].join(''));
      if (!isWhole) setNote(t('list.exportPart', { count: rows.length }));
    } catch (error) {
      setNote(problemText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {note !== undefined && (
        <span role="alert" className="text-alarm">
          {note}
        </span>
      )}
      <Button
        look="bare"
        icon={<DownloadIcon />}
        isBusy={isBusy}
        title={t('list.export')}
        onClick={() => void run()}
      >
        {!isNarrow && t('list.export')}
      </Button>
    </>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has to have begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
