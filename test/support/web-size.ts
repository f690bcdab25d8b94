/** What the built web costs over the wire, compressed as it is served. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../src/core/program.ts';

export const limits = { login: 150_000, desk: 350_000 } as const;

const built = path.join(root, 'web/dist');

type Manifest = Readonly<Record<string, { file: string; imports?: string[]; css?: string[] }>>;

/** Bytes until the page can be used, in the language that costs more. A desk has a telephone in the browser. */
export function webSizes(): Record<keyof typeof limits, number> {
  const text = readFileSync(path.join(built, '.vite/manifest.json'), 'utf8');
  const manifest = JSON.parse(text) as Manifest;
  const largest = (pages: readonly string[], parts: readonly string[], more: string[][]) =>
    Math.max(
      ...['zh-CN', 'en'].map((language, at) =>
        bytesOf(manifest, [
          ...['index.html', ...pages, ...(more[at] ?? [])],
          ...parts.map((part) => `${part}/texts.${language}.ts`),
        ]),
      ),
    );
  const login = 'staff/scenes/login';
  const desk = 'staff/scenes/desk';
  return {
    login: largest([`${login}/login.tsx`], ['shared/i18n', login], []),
    desk: largest(
      ['staff/shell/private.tsx', `${desk}/desk.tsx`, 'jssip/lib/JsSIP.js'],
      ['shared/i18n', 'staff/texts', desk, `${desk}/campaign`, 'staff/scenes/flows/nodes'],
      [['antd/es/locale/zh_CN.js', 'dayjs/locale/zh-cn.js'], ['antd/es/locale/en_US.js']],
    ),
  };
}

/** Files of these modules and of all that they import at once. */
function bytesOf(manifest: Manifest, modules: readonly string[]): number {
  const open = modules.map((module) => {
    const key = Object.keys(manifest).find((one) => one.endsWith(module));
    if (key === undefined) throw new Error(`the build has no file of its own for ${module}`);
    return key;
  });
  const files = new Set<string>();
  const seen = new Set<string>();
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`the build does not know ${key}`);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    open.push(...(chunk.imports ?? []));
  }
  return [...files].reduce((sum, file) => sum + statSync(path.join(built, `${file}.br`)).size, 0);
}

/** What a page has really fetched of the web's files, as they came over the wire. */
export function fetchedBytes(page: Page): Promise<number> {
  return page.evaluate<number>(
    `performance.getEntriesByType('resource')
      .filter(({ name }) => name.includes('/assets/'))
      .reduce((sum, one) => sum + one.encodedBodySize, 0)`,
  );
}
