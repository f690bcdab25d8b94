/** What a text says in JSON (RFC 8259); `undefined` when it is none. For text that comes from outside. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
