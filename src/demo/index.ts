/**
 * The demo's past: six weeks of calls, talks, ratings, orders and campaigns, so that pages are judged full. `history.ts`
 * and all that it calls are pure: a seed, a day and the demo's people become rows. `store.ts` writes them at once and
 * throws them away again.
 */
export { isDemoId } from './demo-ids.ts';
export {
  demoHistoryOf,
  makeDemoHistory,
  removeDemoHistory,
  renewDemoHistory,
  type HistoryPeriod,
} from './store.ts';
