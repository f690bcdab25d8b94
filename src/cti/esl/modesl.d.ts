declare module 'modesl/lib/esl/Parser.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  class Parser {
    /** Each chunk of the stream. */
    protected _onData(chunk: Buffer): void;
    constructor(socket: Socket | EventEmitter);
  }
  export default Parser;
}
