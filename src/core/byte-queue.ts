/**
 * Bytes of a stream that wait to be cut into messages. It grows by doubling and is cut at its front without copying,
 * so that every byte is copied a fixed number of times, however small the chunks and the messages are.
 */
export class ByteQueue {
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** What waits; good until the next `push`. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  push(chunk: Buffer): void {
    const held = this.length;
    const needed = held + chunk.length;
    if (this.#end + chunk.length > this.#buffer.length) {
      const isLarge = needed > this.#buffer.length / 2;
      const target = isLarge ? Buffer.allocUnsafe(Math.max(2 * needed, 1024)) : this.#buffer;
      this.#buffer.copy(target, 0, this.#start, this.#end);
      this.#buffer = target;
      this.#start = 0;
      this.#end = held;
    }
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  drop(count: number): void {
    this.#start += count;
  }
}
