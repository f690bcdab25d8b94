import { ByteQueue } from '../../../core/byte-queue.ts';
import { contentLengthOf, headEnd, maxBodyBytes, maxHeadBytes } from '../message/message.ts';

/** What comes next in a stream cannot be a message: its sender and we do not agree where one ends. */
export class FramingError extends Error {}

/**
 * Cuts a stream into messages, each as long as its Content-Length says (RFC 3261 section 18.3), which is read as
 * the parser reads it. Every byte is looked at once, however the stream was cut into chunks.
 */
export class Framer {
  readonly #queue = new ByteQueue();
  /** Bytes in which the end of the headers is not. */
  #searched = 0;
  /** Length of the message that is coming, once its headers are whole. */
  #wanted: number | undefined;

  /** A message has begun and is not whole. */
  get isUnfinished(): boolean {
    return this.#queue.length > 0;
  }

  /** The messages that are whole now. Throws `FramingError`. */
  push(chunk: Buffer, onKeepAlive: () => void = () => undefined): Buffer[] {
    this.#queue.push(chunk);
    const messages: Buffer[] = [];
    for (;;) {
      if (this.#wanted === undefined) this.#skipKeepAlives(onKeepAlive);
      const wanted = (this.#wanted ??= this.#measure());
      if (wanted === undefined || this.#queue.length < wanted) return messages;
      messages.push(Buffer.from(this.#queue.bytes.subarray(0, wanted)));
      this.#queue.drop(wanted);
      this.#searched = 0;
      this.#wanted = undefined;
    }
  }

  #measure(): number | undefined {
    const { bytes } = this.#queue;
    const split = headEnd(bytes, this.#searched);
    if ((split?.head ?? bytes.length) > maxHeadBytes) {
      throw new FramingError('the headers are too long');
    }
    if (split === undefined) {
      this.#searched = Math.max(0, bytes.length - 3);
      return undefined;
    }
    const length = contentLengthOf(bytes.toString('utf8', 0, split.head));
    if (Number.isNaN(length)) throw new FramingError('bad Content-Length');
    if (length > maxBodyBytes) throw new FramingError('the body is too long');
    return split.body + length;
  }

  /** RFC 5626 section 3.5.1: a double CRLF asks for a single one. */
  #skipKeepAlives(onKeepAlive: () => void): void {
    const { bytes } = this.#queue;
    let count = 0;
    while (count < bytes.length && isLineBreak(bytes[count])) count += 1;
    if (count === 0) return;
    this.#queue.drop(count);
    this.#searched = 0;
    if (count >= 4 && count === bytes.length) onKeepAlive();
  }
}

function isLineBreak(byte: number | undefined): boolean {
  return byte === 13 || byte === 10;
}
