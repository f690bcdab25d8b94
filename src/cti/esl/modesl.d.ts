declare module 'modesl/lib/esl/Parser.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  interface ModeslEvent {
    serialize(format: 'json'): string;
    getBody(): string;
  }

  class Parser {
    constructor(socket: Socket | EventEmitter);
    on(
      name: 'esl::event',
      listener: (event: ModeslEvent, headers: Record<string, string>, body: string) => void,
    ): void;
    on(name: 'error', listener: (error: Error) => void): void;
    prototype: Record<string, unknown>;
  }
  export default Parser;
}
