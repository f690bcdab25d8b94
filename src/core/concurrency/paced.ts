type Later = (run: () => void, ms: number) => { unref(): unknown };

/**
 * Passes a value on at once and then not again for that long: of those that come meanwhile the last one is passed on at
 * the end of the pause. For readers who only want to know that there is something new.
 */
export function paced<T>(
  everyMs: number,
  pass: (value: T) => void,
  later: Later = setTimeout,
): (value: T) => void {
  let isResting = false;
  let waiting: { value: T } | undefined;
  const run = (value: T): void => {
    isResting = true;
    // A process that stops waits for none of these.
    later(() => {
      isResting = false;
      const next = waiting;
      waiting = undefined;
      if (next !== undefined) run(next.value);
    }, everyMs).unref();
    pass(value);
  };
  return (value) => {
    if (isResting) waiting = { value };
    else run(value);
  };
}
