import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads variables one by one, and remembers what is wrong with them: all faults are told at once. */
export class Reader<Variable extends string> {
  readonly #environment: Environment;
  readonly #defaults: Readonly<Record<Variable, string>>;
  readonly #faults: string[] = [];

  constructor(environment: Environment, defaults: Readonly<Record<Variable, string>>) {
    this.#environment = environment;
    this.#defaults = defaults;
  }

  /** What was wrong so far, a sentence each. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  optional(name: Variable): string | undefined {
    const value = (this.#environment[name] ?? this.#defaults[name]).trim();
    return value === '' ? undefined : value;
  }

  /** 256 bits in base64. */
  key(name: Variable): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && Buffer.from(value, 'base64').length !== 32) {
      this.fault(name, 'must be 32 random bytes in base64, such as openssl rand -base64 32 makes');
    }
    return value;
  }

  text(name: Variable): string {
    const value = this.optional(name);
    if (value === undefined) this.fault(name, 'must not be empty');
    return value ?? '';
  }

  integer(name: Variable, min: number, max: number): number {
    const value = this.text(name);
    const number = Number(value);
    if (!Number.isInteger(number) || number < min || number > max) {
      this.fault(name, `is "${value}" but must be a whole number from ${min} to ${max}`);
      return min;
    }
    return number;
  }

  port(name: Variable): number {
    return this.integer(name, 0, 65_535);
  }

  portRange(name: Variable): { from: number; to: number } {
    const match = /^(\d+)-(\d+)$/.exec(this.text(name));
    const [from, to] = [Number(match?.[1]), Number(match?.[2])];
    if (!match || from < 1024 || to > 65_535 || to - from < 1) {
      this.fault(name, 'must be a range of ports such as 20000-29999');
      return { from: 20_000, to: 29_999 };
    }
    return { from, to };
  }

  boolean(name: Variable): boolean {
    return (
      this.oneOf(name, ['true', 'false', '1', '0', 'yes', 'no']).match(/^(true|1|yes)$/) !== null
    );
  }

  oneOf(name: Variable, values: readonly string[]): string {
    const value = this.text(name).toLowerCase();
    if (!values.includes(value)) {
      this.fault(name, `is "${value}" but must be one of: ${values.join(', ')}`);
    }
    return value;
  }

  url(name: Variable, protocols: readonly string[]): string | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      this.fault(name, `must be an address that begins with ${protocols.join(' or ')}//`);
    }
    return value;
  }

  /** FreeSWITCH plays files by path in argument lists, so a path may not hold their separators. */
  directory(name: Variable): string {
    const value = path.resolve(this.text(name));
    if (/['!|=\r\n\\]/.test(value)) {
      this.fault(name, "must not contain ' ! | = \\ or a line break");
    }
    return value;
  }

  fault(name: Variable, text: string): void {
    this.#faults.push(`${name} ${text}`);
  }
}
