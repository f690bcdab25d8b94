import type { Provider } from './provider.types.ts';

export interface HttpVoice {
  url: string;
  key: string | undefined;
  voice: string;
  model: string;
}

/** Any service with OpenAI's `/v1/audio/speech`; `url` is its base. */
export function httpProvider({ url, key, voice, model }: HttpVoice): Provider {
  return {
    name: 'http',
    voice: `${model} ${voice}`,
    async render({ text }, signal) {
      const response = await fetch(new URL('/v1/audio/speech', url), {
        method: 'POST',
        signal,
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ model, voice, input: text, response_format: 'wav' }),
      });
      if (!response.ok) throw new Error(`the speech service answered ${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    },
  };
}
