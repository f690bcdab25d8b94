/** Words to sound: reading rules, providers and the cache. */
export { sampleRate, wavOf } from './wav.ts';
export { createTts, type TtsOptions } from './tts.ts';
export { readDate, readMonth, readTime } from './reading/dates.ts';
export { readMoney } from './reading/money.ts';
export { readCount, readDigits, readNumber } from './reading/numbers.ts';
export { readProse } from './reading/prose.ts';
export { readRoom } from './reading/rooms.ts';
export { joinWavs } from './wav.ts';
export type { Tts, Utterance } from './tts.types.ts';
