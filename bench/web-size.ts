import { buildWeb } from '../test/support/program.ts';
import { limits, webSizes } from '../test/support/web-size.ts';
import type { Bench } from './figure.ts';

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

/** What a browser fetches before somebody can log in, and before an agent with a browser telephone can work. */
export const webSize: Bench = ({ tell }) => {
  tell('built files, compressed with brotli');
  buildWeb();
  const sizes = webSizes();
  const figures = (['login', 'desk'] as const).map((page) => ({
    what: `web over the wire, ${page === 'login' ? 'log-in' : 'desk'}`,
    measured: kB(sizes[page]),
    limit: `≤ ${kB(limits[page])}`,
    isMet: sizes[page] <= limits[page],
    notes: [],
  }));
  return Promise.resolve(figures);
};
