import type { Page } from 'playwright-core';
import { messages, type MessageKey } from './texts.ts';

/** What is pressed: the key of a button's words, or a selector. */
export type Press = MessageKey | { at: string };

export const accountDialog: readonly Press[] = [
  { at: '.top-end [aria-haspopup=menu]' },
  'account.title',
];

/** What opens over the desk in a talk. */
export const deskDialogs: readonly string[] = [
  '.presence',
  '.bar-end .ant-btn:has(.anticon-setting)',
  '.bar .ant-btn:has(.anticon-table)',
  '.caller-change',
];

/** By the page that they open over, one press after the other. A pattern means the first page that fits. */
const dialogs: readonly (readonly [place: RegExp, ...presses: (readonly Press[])[]])[] = [
  [/^.orders$/, [{ at: '.top-end button >> nth=0' }], [{ at: '.list-bar [aria-haspopup=menu]' }]],
  [/^.orders.+/, ['orderDo.accepted']],
  [
    /^.people.+/,
    ['person.addAddress'],
    [{ at: 'main button[title] >> nth=0' }],
    [{ at: '.rows button:has(.anticon-edit) >> nth=0' }],
  ],
  [/^.articles$/, ['article.new']],
  [/^.do-not-call$/, ['dnc.add'], ['dnc.import'], ['dnc.lift']],
  [/^.campaigns.new$/, [{ at: '.ant-select >> nth=0' }]],
  [/^.campaigns.\w+-/, ['campaign.testCall'], ['campaign.edit']],
  [/^.admin.staff$/, ['staff.add'], ['form.edit'], ['staff.disable']],
  [/^.admin.queues$/, ['queue.add', 'queue.addSkill']],
  [/^.admin.skills$/, ['form.add']],
  [/^.admin.reasons$/, ['form.edit']],
];

export function dialogsOf(
  places: readonly string[],
): (readonly [place: string, dialogs: (readonly Press[])[]])[] {
  return dialogs.map(([pattern, ...all]) => [places.find((one) => pattern.test(one)) ?? '/', all]);
}

export async function open(
  page: Page,
  presses: readonly Press[],
  language: 'zh-CN' | 'en',
): Promise<void> {
  for (const press of presses) {
    const target =
      typeof press === 'string'
        ? page.locator('button', { hasText: messages[language][press] })
        : page.locator(press.at);
    await target.filter({ visible: true }).first().click();
  }
}

const overlay = [
  ...['modal-wrap', 'drawer-open', 'popover', 'select-dropdown'].map(
    (one) => `.ant-${one}:not(.ant-${one}-hidden)`,
  ),
  '.menu:popover-open',
].join(', ');

/** By the key that people use for it; what does not know it closes when something else is clicked. */
export async function shut(page: Page): Promise<void> {
  const shown = page.locator(overlay).filter({ visible: true });
  for (let tries = 0; tries < 3 && (await shown.count()) > 0; tries += 1) {
    await page.keyboard.press('Escape');
    if ((await shown.count()) > 0) await page.mouse.click(400, 30);
  }
}
