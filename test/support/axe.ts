import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** Put in by the driver, since the service's policy lets no page load a script of another place. */
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical in a part of the page as it stands now, in words. */
export async function axeFaults(page: Page, within = 'html'): Promise<string[]> {
  if (!(await page.evaluate<boolean>('window.axe !== undefined'))) await page.evaluate(source);
  return await page.evaluate<string[]>(`axe
    .run(${JSON.stringify(within)}, { resultTypes: ['violations'] })
    .then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.slice(0, 5).map((node) => {
        const why = [...node.any, ...node.all, ...node.none][0]?.message ?? '';
        return id + ': ' + node.html.slice(0, 200) + ' (' + why + ')';
      })))`);
}
