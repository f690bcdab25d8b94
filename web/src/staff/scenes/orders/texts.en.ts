import type { texts as zh } from './texts.zh-CN.ts';

export const texts: Readonly<Record<keyof typeof zh, string>> = {
  'orderDo.accepted': 'Accept',
  'orderDo.dispatched': 'Dispatch',
  'orderDo.in_progress': 'Start work',
  'orderDo.done': 'Mark done',
  'orderDo.confirmed': 'Confirm with owner',
  'orderDo.closed': 'Close',
  'orderDo.cancelled': 'Cancel order',
  'orderDo.new': 'Back to new',
  'orderStep.note': 'Note',
  'orderStep.edit': 'Edited',
};
