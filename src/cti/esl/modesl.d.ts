declare module 'modesl/lib/esl/Parser.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  class Parser {
    /** What has come and is no whole message yet. */
    protected readonly buffer: Buffer;
    constructor(socket: Socket | EventEmitter);
  }
  export default Parser;
}
