import { chromium, type Browser, type Page } from 'playwright-core';
import { until } from './until.ts';
import { giveEars } from '../fixtures/page-ears.mjs';
import { password, type Service } from './service.ts';

/** The web as people see it: a browser with a profile for each person. */
export interface WebPages {
  /** A page of its own profile; logged in when somebody is named. Its microphone hums that tone. */
  open(where: string, who?: string, toneHz?: number): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface OpenPage {
  page: Page;
  /** What the page itself complained about: uncaught errors. */
  errors: string[];
  /** What stands in the browser’s console as an error, requests that were refused included. */
  complaints: string[];
  /** Waits until its telephone plays that tone clearly, or for `false` not at all. */
  hears(hz: number, options?: { isHeard?: boolean }): Promise<void>;
}

export async function openWeb(
  service: Service,
  {
    origin = `http://127.0.0.1:${service.httpPort}`,
    hosts,
    mustBeTouched = false,
  }: {
    /** Another way to the service. */
    origin?: string;
    /** Rules for names, as Chromium reads them. */
    hosts?: string;
    /** Sounds only after a click, as browsers do outside of tests. */
    mustBeTouched?: boolean;
  } = {},
): Promise<WebPages> {
  const browser: Browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      `--autoplay-policy=${mustBeTouched ? 'document-user-activation-required' : 'no-user-gesture-required'}`,
      '--allow-loopback-in-peer-connection',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      ...(hosts === undefined ? [] : [`--host-resolver-rules=${hosts}`]),
    ],
  });
  return {
    async open(where, who, toneHz = 440) {
      const context = await browser.newContext({
        baseURL: origin,
        ignoreHTTPSErrors: true,
        permissions: ['microphone'],
        timezoneId: 'Asia/Shanghai',
        viewport: { width: 1440, height: 900 },
      });
      context.setDefaultTimeout(45_000);
      await context.addInitScript(giveEars, toneHz);
      const page = await context.newPage();
      const errors: string[] = [];
      const complaints: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      if (who !== undefined) {
        await logIn(page, who, hosts === undefined);
      }
      await page.goto(where);
      if (who !== undefined) await page.waitForSelector('nav.rail');
      return { page, errors, complaints, hears: (hz, options) => hears(page, hz, options) };
    },
    close: () => browser.close(),
  };
}

/** With the form, or with its request alone, which is faster; a name of the browser's own rules needs the form. */
async function logIn(page: Page, username: string, isDirect: boolean): Promise<void> {
  if (isDirect) {
    const reply = await page.request.post('/api/v1/session', { data: { username, password } });
    if (!reply.ok()) throw new Error(`log-in of ${username}: ${await reply.text()}`);
    return;
  }
  await page.goto('/');
  await page.fill('input[autocomplete=username]', username);
  await page.fill('input[autocomplete=current-password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('nav.rail');
}

async function hears(
  page: Page,
  hz: number,
  { isHeard = true }: { isHeard?: boolean } = {},
): Promise<void> {
  await until(
    `${hz} Hz ${isHeard ? 'to be' : 'not to be'} heard in the page`,
    async () => {
      const loudness = await page.evaluate<number>(`window.ears.hears(${hz})`);
      return isHeard ? loudness > 0.02 : loudness < 0.004;
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
}
