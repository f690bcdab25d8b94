import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Test } from 'tap';
import { choose, drawn, go, isSettled } from '../fixtures/page-look.mjs';
import { axeFaults } from './axe.ts';
import { faultsOf } from './tour.ts';
import type { OpenPage } from './web-pages.ts';

/** `PAGES_DIR=<folder>` keeps a picture of each page, at both widths and in both languages. */
const pictures = process.env['PAGES_DIR'];
const widths = [1440, 390] as const;
export const languages = ['zh-CN', 'en'] as const;

export async function speak({ page }: OpenPage, language: string): Promise<void> {
  await page.evaluate(choose, language);
  await page.reload();
}

export async function visit(
  t: Test,
  opened: OpenPage,
  place: string,
  language: (typeof languages)[number],
): Promise<void> {
  const { page } = opened;
  await page.evaluate(go, place);
  await page.waitForURL((url) => url.pathname === place);
  await page.waitForFunction(isSettled, undefined, { polling: 60 });
  await see(t, opened, place, language, [language === 'en' ? 390 : 1440]);
}

/** The page as it stands now, at both widths. */
export async function see(
  t: Test,
  { page, errors, complaints }: Pick<OpenPage, 'page' | 'errors' | 'complaints'>,
  what: string,
  language: (typeof languages)[number] = 'zh-CN',
  /** Where it is asked whether everybody can use it: each takes a tenth of a second. */
  axeWidths: readonly number[] = widths,
): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.evaluate(drawn);
    const faults = await faultsOf(page, language);
    if (axeWidths.includes(width)) faults.push(...(await axeFaults(page)));
    t.strictSame(faults, [], `${what} at ${width} in ${language}`);
    await picture(page, `${what}-${width}-${language}`);
  }
  // Answers that the pages expect: nobody is logged in, or what was wished stands already.
  const said = complaints
    .splice(0)
    .filter((one) => !/401 \(Unauthorized\)|409 \(Conflict\)/.test(one));
  t.strictSame([...errors.splice(0), ...said], [], `${what} complained in ${language}`);
}

export async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  const file = `${name.replaceAll(/[^\w.-]+/g, '_').slice(0, 80)}.png`;
  await page.screenshot({ path: path.join(pictures, file), fullPage: true });
}
