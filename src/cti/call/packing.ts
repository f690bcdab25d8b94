import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What recovery data often say. A variable on the switch is read by it byte by byte, and comes back in each event of
 * the leg: so it is packed, and what stands here costs next to nothing. Never change it, not even its spelling: calls
 * live on while the service is replaced. Another one needs another mark.
 */
const dictionary = Buffer.from(
  [
    '{"kind":"failed","reason":"","recordingId":"","spokenMs":0,"terminator":"#"}',
    '{"waitingSince":"","roomId":"","personId":"","label":"","estate":{"zh-CN":"","en":""},"buildingId":"',
    '"category":"","categoryName":"","kind":"","kindName":"","recordingId":"","faxNumber":"","total":',
    '"greeting":{"zh-CN":"您好，欢迎致电物业服务中心。","en":"Hello. Welcome to "},"hours":"","dutyNumber":"13800000000"',
    '"outcome":{"kind":"result","result":"ok","vars":{"homes":[{"outcome":{"kind":"silence"}}"outcome":{"kind":"done"}}',
    '{"start":{"flow":"main-","version":1,"language":"en","vars":{',
    '"pending":[{"text":"请按1。","language":"zh-CN"},{"text":"","language":"en"}],"target":"',
    '{"from":{"flow":"main-","version":1,"node":"menu","step":1,"phase":"act","attempts":1,"misses":1,"vars":{',
    '"phase":"ask","attempts":0,"misses":0,"vars":{"},"language":"zh-CN","pending":[],"hasEnded":false},',
    '"outcome":{"kind":"digits","digits":"1"}}',
  ].join(''),
);

/** No letter of base64url, so that packed and plain ones can be told apart. */
const mark = '.1';
const options = { dictionary, level: 1, memLevel: 1, windowBits: 12 };

export function pack(text: string): string {
  return `${mark}${deflateRawSync(text, options).toString('base64url')}`;
}

export function isPacked(value: string): boolean {
  return value.startsWith('.');
}

/** Throws on what no version until now has written. */
export function unpack(value: string): string {
  if (!value.startsWith(mark)) {
    throw new Error('a variable of the call was packed in an unknown way');
  }
  return inflateRawSync(Buffer.from(value.slice(mark.length), 'base64url'), {
    dictionary,
    maxOutputLength: 1 << 20,
  }).toString('utf8');
}
