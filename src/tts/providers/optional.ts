import { AppError } from '../../core/errors.ts';

/** A package that only this provider needs. Throws an `AppError` that says how to get it. */
export async function importOptional<T>(name: string, provider: string): Promise<T> {
  try {
    const module = (await import(name)) as { default?: unknown };
    // CommonJS packages come as the default export.
    return { ...(module.default as object | undefined), ...module } as T;
  } catch (error) {
    throw new AppError({
      code: 'tts.package_missing',
      status: 500,
      message: `TTS_PROVIDERS contains ${provider}, which needs the package ${name}: run "npm install ${name}", or take ${provider} out.`,
      cause: error,
    });
  }
}
