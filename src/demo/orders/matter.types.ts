import type { RowOf } from '../rows.ts';

type Order = RowOf<'workOrder'>;

/** What somebody calls about, as an agent writes it down. Slots in braces are filled by `describe`. */
export interface Matter {
  kind: Order['kind'];
  category: string;
  summary: string;
  /** What was done about it in the end. */
  fix: string;
  isSerious?: boolean;
  /** Written down as a work order; the others are answered on the telephone. */
  isOrder?: boolean;
  /** 1 to 12; left out for matters of the whole year. */
  months?: readonly number[];
}
