import { shell } from './shell.zh-CN.ts';
import { softphone } from './softphone.zh-CN.ts';
import { words } from './words.zh-CN.ts';
import { problems } from './problems.zh-CN.ts';

export const texts = { ...shell, ...softphone, ...words, ...problems };
