import type { Faxes } from '../../../faxes/index.ts';
import type { Wing } from '../../api.types.ts';
import { articleFaxRoutes } from './article-faxes.ts';
import { faxSendingRoutes } from './fax-sendings.ts';
import { faxRoutes } from './faxes.ts';

interface Parts {
  /** Faxes that go out; left out where there are no calls. */
  faxes?: Faxes;
  /** Where received faxes lie. */
  faxesDir: string;
}

/** Faxes that came in, and those that go out: bills and articles. */
export function faxesWing({ faxes, faxesDir }: Parts): Wing {
  return (server, parts) => {
    faxRoutes(server, parts, faxesDir);
    faxSendingRoutes(server, parts, faxes);
    articleFaxRoutes(server, parts, faxes);
  };
}
