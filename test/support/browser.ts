import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { until } from './until.ts';

const program = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why tests with a browser are left out here; undefined where they can run. */
export const noBrowser = existsSync(program)
  ? undefined
  : `there is no ${program} (Debian: apt-get install chromium; or set CHROMIUM)`;

/** A browser with one page for each telephone. */
export interface Browsers {
  open(): Promise<BrowserPhone>;
  close(): Promise<void>;
}

export async function startBrowser({
  microphone,
}: { microphone?: string } = {}): Promise<Browsers> {
  const profile = mkdtempSync(path.join(tmpdir(), 'lingting-browser-'));
  const server = await servePage();
  const browser = await chromium.launch({
    executablePath: program,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      '--autoplay-policy=no-user-gesture-required',
      // Without it a browser offers no address on a machine that has only itself.
      '--allow-loopback-in-peer-connection',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}`]),
    ],
  });
  const { port } = server.address() as AddressInfo;
  return {
    open: () => BrowserPhone.open(browser, `http://127.0.0.1:${port}/`),
    async close() {
      await browser.close();
      server.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function servePage(): Promise<Server> {
  const bundle = await build({
    entryPoints: [path.join(import.meta.dirname, '../fixtures/phone-page.mjs')],
    bundle: true,
    write: false,
    format: 'iife',
    define: { global: 'window' },
    logLevel: 'error',
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  const server = createServer((request, reply) => {
    const isScript = request.url === '/phone.js';
    reply.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    reply.end(
      isScript ? script : '<!doctype html><title>phone</title><script src="/phone.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export interface Account {
  url: string;
  user: string;
  password: string;
  realm?: string;
}

/** A telephone in a page of its own. Calls count from 0; commands mean the last unless told. */
export class BrowserPhone {
  readonly page: Page;
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
  }

  static async open(browser: Browser, url: string): Promise<BrowserPhone> {
    const context = await browser.newContext({ permissions: ['microphone'] });
    const page = await context.newPage();
    await page.goto(url);
    return new BrowserPhone(context, page);
  }

  /** Runs `phone.<name>(…)` in the page. */
  async do<Result = unknown>(name: string, ...values: readonly unknown[]): Promise<Result> {
    const list = values.map((value) => JSON.stringify(value) ?? 'undefined').join(', ');
    return await this.page.evaluate(`window.phone.${name}(${list})`);
  }

  register({ realm = 'lingting', ...account }: Account): Promise<string> {
    return this.do<string>('register', { ...account, realm });
  }

  /** How it meets calls that come in. */
  async behave(behaviour: 'answer' | 'ring'): Promise<void> {
    await this.page.evaluate(`window.phone.behaviour = ${JSON.stringify(behaviour)}`);
  }

  state(at?: number): Promise<string> {
    return at === undefined ? this.do('state') : this.do('state', at);
  }

  async becomes(state: RegExp, at?: number): Promise<string> {
    return until(`a call of the browser to be ${String(state)}`, async () => {
      const now = await this.state(at);
      return state.test(now) ? now : undefined;
    });
  }

  /** Waits until a tone is heard clearly, or for `false` until it is not heard at all. */
  async hears(hz: number, { isHeard = true, at }: { isHeard?: boolean; at?: number } = {}) {
    let last = 0;
    await until(
      `${hz} Hz ${isHeard ? 'to be' : 'not to be'} heard in the browser`,
      async () => {
        last = at === undefined ? await this.do('hears', hz) : await this.do('hears', hz, at);
        return isHeard ? last > 0.02 : last < 0.002;
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );
    return last;
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
